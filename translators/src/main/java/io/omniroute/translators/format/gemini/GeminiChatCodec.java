package io.omniroute.translators.format.gemini;

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
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How {@code generateContent} meets the canonical model. */
final class GeminiChatCodec implements ChatCodec {

    /** What Vertex counts of a conversation. */
    private static final List<String> COUNTED = List.of("contents", "systemInstruction", "tools", "generationConfig");

    private static final Set<String> OWN = Set.of("tools", "toolConfig", "tool_config");

    @Override
    public ChatRequest decode(byte[] body, Endpoint endpoint, CarrierSeal seal) {
        return new GeminiRequestReader(seal).read(Json.requestObject(body), endpoint);
    }

    @Override
    public byte[] encode(ChatRequest request, TargetProfile target, Losses losses) {
        return Json.bytes(new GeminiRequestWriter(request, target, losses).write());
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer answer, AnswerContext context) {
        return Json.bytes(GeminiWriter.whole(answer, context));
    }

    @Override
    public byte[] counted(byte[] request) {
        ObjectNode asked = Json.requestObject(request);
        JsonNode whole = asked.hasNonNull("generateContentRequest")
                ? asked.get("generateContentRequest")
                : asked.path("generate_content_request");
        return whole.isObject() ? Json.bytes(whole) : request;
    }

    @Override
    public byte[] encodeCountRequest(byte[] conversation, TargetProfile target) {
        if (target.takes().contains("plain_count")) {
            ObjectNode plain = Json.requestObject(conversation);
            plain.retain(COUNTED);
            return Json.bytes(plain);
        }
        ObjectNode whole = Json.object().put("model", "models/" + target.model());
        whole.setAll(Json.requestObject(conversation));
        ObjectNode asked = Json.object();
        asked.set("generateContentRequest", whole);
        return Json.bytes(asked);
    }

    @Override
    public byte[] encodeCount(long tokens) {
        return Json.bytes(Json.object().put("totalTokens", tokens));
    }

    @Override
    public void addTurn(ObjectNode request, String text) {
        turn(request, "user", text);
    }

    private static void turn(ObjectNode request, String role, String text) {
        if (request.get("contents") instanceof ObjectNode only) {
            request.putArray("contents").add(only);
        }
        request.withArray("contents")
                .addObject()
                .put("role", role)
                .putArray("parts")
                .addObject()
                .put("text", text);
    }

    @Override
    public void addAnswer(ObjectNode request, String text) {
        turn(request, "model", text);
    }

    @Override
    public Set<String> ownFields() {
        return OWN;
    }

    @Override
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new GeminiStreamEncoder(context);
    }
}
