package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.Reasoning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole message for a client. */
final class MessageWriter {

    private MessageWriter() {}

    static byte[] write(ChatAnswer answer, AnswerContext context) {
        ObjectNode message = Json.object()
                .put("id", "msg_" + context.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", context.request().model());
        ArrayNode content = message.putArray("content");
        FinishReason reason = FinishReason.STOP;
        String detail = null;
        if (!answer.candidates().isEmpty()) {
            ChatAnswer.Candidate candidate = answer.candidates().getFirst();
            boolean thought = !asksForThoughts(context);
            for (ChatAnswer.Piece piece : candidate.pieces()) {
                if (!thought && piece.kind() == PartKind.TOOL_CALL) {
                    content.addObject()
                            .put("type", "redacted_thinking")
                            .put("data", context.seal().mark());
                }
                thought |= piece.kind() != PartKind.TEXT;
                block(piece, context, content);
            }
            reason = reason(candidate.reason(), candidate.callsTools());
            detail = candidate.detail();
        }
        stop(message, reason, detail);
        message.set("usage", MessagesUsage.write(answer.usageOr(context.estimatedInput())));
        return Json.bytes(message);
    }

    /** A model that calls a tool waits for its answer, whatever word its provider has for that. */
    static FinishReason reason(FinishReason reason, boolean callsTools) {
        boolean waits = reason == FinishReason.STOP || reason == FinishReason.OTHER;
        return callsTools && waits ? FinishReason.TOOL : reason;
    }

    static ObjectNode stop(ObjectNode object, FinishReason reason, @Nullable String detail) {
        object.put("stop_reason", StopReasons.write(reason));
        if (reason == FinishReason.STOP_SEQUENCE && detail != null) {
            object.put("stop_sequence", detail);
        } else {
            object.putNull("stop_sequence");
        }
        if ((reason == FinishReason.REFUSAL || reason == FinishReason.CONTENT_FILTER) && detail != null) {
            object.putObject("stop_details")
                    .put("type", "refusal")
                    .putNull("category")
                    .put("explanation", detail);
        }
        return object;
    }

    /**
     * Whether a turn that calls tools must have a thought, because Anthropic's own models refuse to go on with one that has none: where another
     * model has thought nothing, a mark says that it was another one's.
     */
    static boolean asksForThoughts(AnswerContext context) {
        return context.request().reasoning().mode() == Reasoning.Mode.ON
                && context.request().reasoning().budget() != null
                && !context.seal().mark().isEmpty();
    }

    /** A citation that Anthropic did not make, with a mark that keeps it from being sent there. */
    static ObjectNode citation(Annotation annotation, AnswerContext context) {
        return Json.object()
                .put("type", "web_search_result_location")
                .put("url", annotation.url())
                .put("title", annotation.title())
                .put("cited_text", annotation.quoted() == null ? "" : annotation.quoted())
                .put("encrypted_index", context.seal().mark());
    }

    private static void block(ChatAnswer.Piece piece, AnswerContext context, ArrayNode content) {
        switch (piece.kind()) {
            case TEXT, REFUSAL ->
                CitedText.of(piece.text(), piece.sources()).forEach(cited -> {
                    ObjectNode block = content.addObject().put("type", "text").put("text", cited.text());
                    if (!cited.sources().isEmpty()) {
                        ArrayNode citations = block.putArray("citations");
                        cited.sources().forEach(source -> citations.add(citation(source, context)));
                    }
                });
            case REASONING ->
                content.addObject()
                        .put("type", "thinking")
                        .put("thinking", piece.text())
                        .put("signature", signature(piece.seals(), context));
            case REDACTED_REASONING -> {
                boolean ofText = piece.seals().stream().anyMatch(seal -> seal.kind() == Opaque.Kind.TEXT_SIGNATURE);
                // clients take the last block for the answer
                String data = ofText ? "" : signature(piece.seals(), context);
                if (!data.isEmpty()) {
                    content.addObject().put("type", "redacted_thinking").put("data", data);
                }
            }
            case TOOL_CALL -> {
                ObjectNode call = content.addObject()
                        .put("type", "tool_use")
                        .put("id", piece.callId())
                        .put("name", piece.name());
                call.set("input", Arguments.object(piece.text()));
            }
            case IMAGE -> content.addObject().put("type", "text").put("text", picture(piece.name()));
            case AUDIO -> {
                // a client of this format cannot hear
            }
        }
    }

    /** What stands where a picture would, which answers of this format cannot have. */
    static String picture(@Nullable String mime) {
        return "[The model has answered with a picture (" + mime + "), which this format has no place for.]";
    }

    private static String signature(List<Opaque> seals, AnswerContext context) {
        return seals.isEmpty() ? context.seal().mark() : context.seal().show(seals.getLast(), AnthropicFormat.ID);
    }
}
