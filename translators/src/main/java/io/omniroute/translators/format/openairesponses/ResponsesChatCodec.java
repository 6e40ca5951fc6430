package io.omniroute.translators.format.openairesponses;

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

/** How Responses meet the canonical model. */
final class ResponsesChatCodec implements ChatCodec {

    @Override
    public ChatRequest decode(byte[] body, Endpoint endpoint, CarrierSeal seal) {
        return new ResponsesRequestReader(seal).read(Json.requestObject(body));
    }

    @Override
    public byte[] encode(ChatRequest request, TargetProfile target, Losses losses) {
        return Json.bytes(new ResponsesRequestWriter(request, target, losses).write());
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer answer, AnswerContext context) {
        return Json.bytes(new ResponseWriter(context).whole(answer));
    }

    @Override
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new ResponsesStreamEncoder(context);
    }
}
