package io.omniroute.translators.format.anthropic;

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
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** How Messages meet the canonical model. */
final class MessagesChatCodec implements ChatCodec {

    /** Lets a request say what happens to thoughts that stand behind something else than before. */
    private static final String BINDING = "thinking-binding-controls-2026-08-01";

    private static final String LIMIT = "max_tokens";
    /** What is part of a prompt, or decides on it. */
    private static final List<String> COUNTED = List.of(
            "model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control");

    private static final Set<String> OWN = Set.of("stream", "tools", "tool_choice", "container", "mcp_servers");

    @Override
    public ChatRequest decode(byte[] body, Endpoint endpoint, CarrierSeal seal) {
        return new MessagesRequestReader(seal).read(Json.requestObject(body));
    }

    @Override
    public byte[] encode(ChatRequest request, TargetProfile target, Losses losses) {
        return Json.bytes(new MessagesRequestWriter(request, target, losses).write());
    }

    @Override
    public Map<String, String> headers(ChatRequest request, TargetProfile target) {
        return MessagesThinking.isBound(request, target) ? Map.of("anthropic-beta", BINDING) : Map.of();
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer answer, AnswerContext context) {
        return MessageWriter.write(answer, context);
    }

    @Override
    public byte[] counted(byte[] request) {
        ObjectNode conversation = Json.requestObject(request);
        if (!conversation.has(LIMIT)) {
            conversation.put(LIMIT, 1);
        }
        return Json.bytes(conversation);
    }

    @Override
    public byte[] encodeCountRequest(byte[] conversation, TargetProfile target) {
        return Json.bytes(Json.requestObject(conversation).retain(COUNTED));
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
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new MessagesStreamEncoder(context);
    }
}
