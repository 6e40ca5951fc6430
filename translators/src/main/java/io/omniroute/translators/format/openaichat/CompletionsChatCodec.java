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
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** How Chat Completions meet the canonical model. */
final class CompletionsChatCodec implements ChatCodec {

    private static final Set<String> OWN = Set.of(
            "stream",
            "stream_options",
            "n",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "functions",
            "function_call",
            "web_search_options",
            "store",
            "modalities",
            "audio");

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
    public void addTurn(ObjectNode request, String text) {
        request.withArray("messages").addObject().put("role", "user").put("content", text);
    }

    @Override
    public void addAnswer(ObjectNode request, String text) {
        request.withArray("messages").addObject().put("role", "assistant").put("content", text);
    }

    @Override
    public Set<String> ownFields() {
        return OWN;
    }

    @Override
    public Set<String> thinkingFields() {
        return AskedThinking.FIELDS;
    }

    @Override
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new CompletionsStreamEncoder(context);
    }
}
