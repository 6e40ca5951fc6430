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
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** How Responses meet the canonical model. */
final class ResponsesChatCodec implements ChatCodec {

    private static final Set<String> OWN = Set.of(
            "stream",
            "stream_options",
            "background",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "max_tool_calls",
            "store");

    private static final Set<String> THINKING = Set.of("reasoning");

    /** What a count takes of a request. */
    private static final Set<String> COUNTED = Set.of(
            "conversation",
            "input",
            "instructions",
            "model",
            "parallel_tool_calls",
            "previous_response_id",
            "reasoning",
            "text",
            "tool_choice",
            "tools",
            "truncation");

    /** What says how an answer is kept and sent, which a compaction is not. */
    private static final Set<String> NOT_COMPACTED =
            Set.of("background", "include", "max_output_tokens", "metadata", "store", "stream", "stream_options");

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
    public byte[] encodeCountRequest(byte[] conversation, TargetProfile target) {
        return Json.bytes(Json.requestObject(conversation).retain(COUNTED));
    }

    @Override
    public byte[] encodeCompactRequest(byte[] conversation) {
        return Json.bytes(Json.requestObject(conversation).remove(NOT_COMPACTED));
    }

    @Override
    public byte[] encodeCount(long tokens) {
        return Json.bytes(Json.object().put("object", "response.input_tokens").put("input_tokens", tokens));
    }

    @Override
    public void addTurn(ObjectNode request, String text) {
        listed(request).addObject().put("role", "user").put("content", text);
    }

    private static ArrayNode listed(ObjectNode request) {
        if (request.get("input") instanceof StringNode words) {
            request.putArray("input").addObject().put("role", "user").put("content", words.stringValue());
        }
        return request.withArray("input");
    }

    @Override
    public boolean keepsAnswers() {
        return true;
    }

    @Override
    public void addAnswer(ObjectNode request, String text) {
        listed(request).addObject().put("role", "assistant").put("content", text);
    }

    @Override
    public Set<String> ownFields() {
        return OWN;
    }

    @Override
    public Set<String> thinkingFields() {
        return THINKING;
    }

    @Override
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new ResponsesStreamEncoder(context);
    }
}
