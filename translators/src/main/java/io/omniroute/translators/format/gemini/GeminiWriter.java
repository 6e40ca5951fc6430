package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.TokenProbability;
import io.omniroute.translators.model.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes answers and their parts for a client. */
final class GeminiWriter {

    /** What stands between texts that are messages of their own. */
    static final String PARAGRAPH = "\n\n";

    private GeminiWriter() {}

    static ObjectNode whole(ChatAnswer answer, AnswerContext context) {
        ObjectNode response = Json.object();
        ArrayNode candidates = response.putArray("candidates");
        for (ChatAnswer.Candidate candidate : answer.candidates()) {
            ObjectNode written = candidates.addObject();
            ArrayNode parts = written.putObject("content").put("role", "model").putArray("parts");
            @Nullable Opaque waiting = null;
            ThoughtOnCall thoughts = new ThoughtOnCall();
            Map<Integer, Grounding.Cited> cited = new LinkedHashMap<>();
            List<TokenProbability> likely = new ArrayList<>();
            for (int i = 0; i < candidate.pieces().size(); i++) {
                ChatAnswer.Piece piece = candidate.pieces().get(i);
                boolean beforeCall = i + 1 < candidate.pieces().size()
                        && candidate.pieces().get(i + 1).kind() == PartKind.TOOL_CALL
                        && candidate.pieces().get(i + 1).seals().isEmpty();
                @Nullable
                Opaque seal = piece.seals().isEmpty() ? waiting : piece.seals().getLast();
                switch (piece.kind()) {
                    case TEXT, REFUSAL -> {
                        thoughts.says();
                        likely.addAll(piece.tokens());
                        if (piece.apart() && i > 0) {
                            // clients join all texts
                            parts.add(text(PARAGRAPH, false));
                        }
                        if (!piece.sources().isEmpty()) {
                            cited.put(parts.size(), new Grounding.Cited(piece.text(), piece.sources()));
                        }
                        parts.add(text(piece.text(), false));
                    }
                    case REASONING -> {
                        if (piece.text().isEmpty() && seal != null && beforeCall) {
                            thoughts.shown("", seal);
                            if (thoughts.isAlone()) {
                                waiting = seal;
                            } else {
                                parts.add(signed(text("", true), seal, context));
                            }
                            continue;
                        }
                        Opaque ofText = seal == null ? null : Signatures.about(piece.text(), seal);
                        thoughts.shown(piece.text(), seal);
                        parts.add(signed(text(piece.text(), true), ofText, context));
                    }
                    case REDACTED_REASONING -> {
                        if (seal != null && seal.kind() == Opaque.Kind.TEXT_SIGNATURE) {
                            parts.add(signed(text("", false), seal, context));
                        } else if (seal == null || isShown(seal, beforeCall, thoughts)) {
                            parts.add(signed(text("", true), seal, context));
                        } else {
                            waiting = seal;
                            continue;
                        }
                    }
                    case TOOL_CALL -> {
                        ObjectNode arguments = Arguments.object(piece.text());
                        if (i + 1 == candidate.pieces().size()
                                && cuts(candidate.reason())
                                && Arguments.mayBeCut(arguments, piece.text())) {
                            break; // programs would run what has no end
                        }
                        ObjectNode call = call(piece.callId(), piece.name(), arguments);
                        Opaque onCall = thoughts.calls();
                        parts.add(marked(signed(call, seal == null ? onCall : seal, context), context));
                    }
                    case IMAGE -> parts.add(image(piece.name(), piece.text()));
                    case AUDIO -> {
                        // only providers of another format speak, and not to this one
                    }
                }
                waiting = null;
            }
            if (waiting != null) {
                // signs what was said, since no call has followed
                parts.add(signed(text("", false), waiting, context));
                waiting = null;
            }
            written.put("finishReason", reason(candidate.reason(), candidate.callsTools()))
                    .put("index", candidate.index());
            if (!cited.isEmpty()) {
                written.set("groundingMetadata", Grounding.written(cited));
            }
            if (!likely.isEmpty()) {
                written.set("logprobsResult", Likelihoods.written(likely));
            }
            if (candidate.detail() != null && candidate.reason() != FinishReason.STOP_SEQUENCE) {
                written.put("finishMessage", candidate.detail());
            }
        }
        Usage usage = answer.usage();
        if (usage != null && !usage.estimated()) {
            response.set("usageMetadata", usage(usage));
        }
        return named(response, answer.model(), context);
    }

    /** Whether a thought that nobody sees is a part of its own, and does not stand on the call behind it. */
    private static boolean isShown(Opaque seal, boolean beforeCall, ThoughtOnCall thoughts) {
        if (seal.family().equals(GeminiFormat.ID)) {
            return false;
        }
        thoughts.hidden();
        return !beforeCall || !thoughts.isAlone();
    }

    static ObjectNode named(ObjectNode response, String model, AnswerContext context) {
        return response.put("modelVersion", model.isEmpty() ? context.model() : model)
                .put("responseId", context.id());
    }

    static ObjectNode text(String text, boolean thought) {
        ObjectNode part = Json.object().put("text", text);
        return thought ? part.put("thought", true) : part;
    }

    static ObjectNode image(@Nullable String mime, String data) {
        ObjectNode part = Json.object();
        part.putObject("inlineData").put("mimeType", mime).put("data", data);
        return part;
    }

    static ObjectNode call(@Nullable String id, @Nullable String name, ObjectNode arguments) {
        ObjectNode part = Json.object();
        part.putObject("functionCall").put("id", id).put("name", name).set("args", arguments);
        return part;
    }

    static ObjectNode signed(ObjectNode part, @Nullable Opaque seal, AnswerContext context) {
        String shown = seal == null ? "" : Signatures.show(context.seal(), seal);
        return shown.isEmpty() ? part : part.put("thoughtSignature", shown);
    }

    /** A call that Google has not signed, with a mark that says so. */
    static ObjectNode marked(ObjectNode call, AnswerContext context) {
        String mark = call.has("thoughtSignature") ? "" : Signatures.mark(context.seal());
        return mark.isEmpty() ? call : call.put("thoughtSignature", mark);
    }

    /** Whether an answer that ends so may end in the middle of a call. */
    static boolean cuts(FinishReason reason) {
        return switch (reason) {
            case LENGTH, CONTEXT_FULL, CONTENT_FILTER, REFUSAL -> true;
            case STOP, STOP_SEQUENCE, TOOL, PAUSE, TOOL_ERROR, OTHER -> false;
        };
    }

    /** @param calls whether the answer calls tools, which ends well in whatever words */
    static String reason(FinishReason reason, boolean calls) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, TOOL, PAUSE -> "STOP";
            case LENGTH, CONTEXT_FULL -> "MAX_TOKENS";
            case CONTENT_FILTER, REFUSAL -> "SAFETY";
            case TOOL_ERROR -> "MALFORMED_FUNCTION_CALL";
            case OTHER -> calls ? "STOP" : "OTHER";
        };
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode object = Json.object()
                .put("promptTokenCount", usage.input())
                .put("candidatesTokenCount", Math.max(0, usage.output() - usage.reasoning()))
                .put("totalTokenCount", usage.input() + usage.output());
        if (usage.cacheRead() > 0) {
            object.put("cachedContentTokenCount", usage.cacheRead());
        }
        if (usage.reasoning() > 0) {
            object.put("thoughtsTokenCount", usage.reasoning());
        }
        return object;
    }
}
