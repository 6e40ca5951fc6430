package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;

/** How Chat Completions meet the canonical model. */
final class CompletionsChatCodec implements ChatCodec {

    @Override
    public ChatRequest decode(byte[] body, Endpoint endpoint, CarrierSeal seal) {
        return new CompletionsRequestReader(seal).read(Json.requestObject(body));
    }

    @Override
    public byte[] encode(ChatRequest request, TargetProfile target, Losses losses) {
        return Json.bytes(new CompletionsRequestWriter(request, target, losses).write());
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer answer, AnswerContext context) {
        return CompletionWriter.write(answer, context);
    }

    @Override
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new CompletionsStreamEncoder(context);
    }
}
