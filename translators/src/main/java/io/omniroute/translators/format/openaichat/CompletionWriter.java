package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole completion for a client. */
final class CompletionWriter {

    /** What stands between the texts of several messages, and between thoughts. */
    static final String PARAGRAPH = "\n\n";

    private CompletionWriter() {}

    static byte[] write(ChatAnswer answer, AnswerContext context) {
        ObjectNode completion =
                head(context, "chat.completion", answer.model().isEmpty() ? context.model() : answer.model());
        ArrayNode choices = completion.putArray("choices");
        answer.candidates().forEach(candidate -> choices.add(choice(candidate, context)));
        if (answer.usage() != null && !answer.usage().estimated()) {
            completion.set("usage", usage(answer.usage()));
        }
        return Json.bytes(completion);
    }

    static ObjectNode head(AnswerContext context, String object, String model) {
        return Json.object()
                .put("id", "chatcmpl-" + context.id())
                .put("object", object)
                .put("created", context.created())
                .put("model", model);
    }

    static String reason(FinishReason reason, boolean callsTools, AnswerContext context) {
        String called = context.request().legacyFunctions() ? "function_call" : "tool_calls";
        return switch (reason) {
            case STOP, OTHER -> callsTools ? called : "stop";
            case STOP_SEQUENCE, REFUSAL, PAUSE, TOOL_ERROR -> "stop";
            case LENGTH, CONTEXT_FULL -> "length";
            case TOOL -> called;
            case CONTENT_FILTER -> "content_filter";
        };
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode object = Json.object()
                .put("prompt_tokens", usage.input())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.input() + usage.output());
        ObjectNode input = object.putObject("prompt_tokens_details").put("cached_tokens", usage.cacheRead());
        if (usage.cacheWrite() > 0) {
            input.put("cache_write_tokens", usage.cacheWrite());
        }
        object.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return object;
    }

    /** What a client needs to bring the reasoning back, in the shape that OpenRouter made common. */
    static ArrayNode details(PartKind kind, String text, Opaque opaque, int index, AnswerContext context) {
        boolean own = opaque.family().equals(OpenAiChatFormat.ID) && opaque.kind() == Opaque.Kind.ENCRYPTED;
        if (own && Json.read(opaque.payload()) instanceof ArrayNode entries) {
            return entries;
        }
        return Json.array().add(detail(kind, text, opaque, index, context));
    }

    private static ObjectNode detail(PartKind kind, String text, Opaque opaque, int index, AnswerContext context) {
        ObjectNode detail = Json.object();
        String shown = context.seal().show(opaque, OpenAiChatFormat.ID);
        if (kind == PartKind.REDACTED_REASONING || opaque.kind() == Opaque.Kind.ENCRYPTED) {
            detail.put("type", "reasoning.encrypted").put("data", shown);
        } else {
            detail.put("type", "reasoning.text").put("text", text).put("signature", shown);
        }
        return detail.put("format", format(opaque.family())).put("index", index);
    }

    /** What is said of an answer that was declined, empty for every other one. */
    static String declined(FinishReason reason, @Nullable String detail) {
        return switch (reason) {
            case REFUSAL -> detail == null ? "The model declined to answer." : detail;
            case CONTENT_FILTER -> detail == null ? "" : detail;
            default -> "";
        };
    }

    private static String format(String family) {
        return switch (family) {
            case "anthropic-messages" -> "anthropic-claude-v1";
            case "openai-responses" -> "openai-responses-v1";
            case "gemini" -> "google-gemini-v1";
            default -> "unknown";
        };
    }

    private static ObjectNode choice(ChatAnswer.Candidate candidate, AnswerContext context) {
        ObjectNode choice = Json.object().put("index", candidate.index());
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        StringBuilder text = new StringBuilder();
        int points = 0;
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        ArrayNode details = Json.array();
        ArrayNode calls = Json.array();
        ArrayNode annotations = Json.array();
        ArrayNode likely = Json.array();
        ArrayNode unlikely = Json.array();
        ArrayNode images = Json.array();
        for (ChatAnswer.Piece piece : candidate.pieces()) {
            switch (piece.kind()) {
                case TEXT -> {
                    String between = piece.apart() && !text.isEmpty() ? PARAGRAPH : "";
                    text.append(between);
                    int before = points + between.length();
                    int length = piece.text().codePointCount(0, piece.text().length());
                    piece.sources().stream()
                            .filter(source -> !source.isOfDocument())
                            .forEach(source -> annotations.add(annotation(source.within(before, length))));
                    likely.addAll(Probabilities.written(piece.tokens()));
                    text.append(piece.text());
                    points = before + length;
                }
                case REFUSAL -> {
                    refusal.append(piece.text());
                    unlikely.addAll(Probabilities.written(piece.tokens()));
                }
                case REASONING, REDACTED_REASONING -> {
                    boolean next = !reasoning.isEmpty() && !piece.text().isEmpty();
                    reasoning.append(next ? PARAGRAPH : "").append(piece.text());
                    piece.seals()
                            .forEach(seal ->
                                    details.addAll(details(piece.kind(), piece.text(), seal, details.size(), context)));
                }
                case TOOL_CALL -> calls.add(call(piece, context));
                case IMAGE -> images.add(image(piece.name(), piece.text(), images.size()));
                case AUDIO -> {
                    // only providers of this format speak, and their answers are passed on as they are
                }
            }
        }
        if (text.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        String declined = declined(candidate.reason(), candidate.detail());
        if (declined.isEmpty()) {
            declined = refusal.toString();
        }
        if (declined.isEmpty()) {
            message.putNull("refusal");
        } else {
            message.put("refusal", declined);
        }
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!details.isEmpty()) {
            message.set("reasoning_details", details);
        }
        if (!images.isEmpty()) {
            message.set("images", images);
        }
        if (!annotations.isEmpty()) {
            message.set("annotations", annotations);
        }
        if (!calls.isEmpty() && context.request().legacyFunctions()) {
            message.set("function_call", calls.get(0).path("function"));
        } else if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        choice.set("logprobs", logprobs(likely, unlikely));
        choice.put("finish_reason", reason(candidate.reason(), candidate.callsTools(), context));
        return choice;
    }

    /** A picture, in the shape that OpenRouter made common. */
    static ObjectNode image(@Nullable String mime, String data, int index) {
        ObjectNode image = Json.object().put("type", "image_url").put("index", index);
        image.putObject("image_url").put("url", "data:" + mime + ";base64," + data);
        return image;
    }

    /** A source, with its place in the message's whole text. */
    static ObjectNode annotation(Annotation source) {
        ObjectNode annotation = Json.object().put("type", "url_citation");
        annotation
                .putObject("url_citation")
                .put("start_index", source.start())
                .put("end_index", source.end())
                .put("url", source.url())
                .put("title", source.title());
        return annotation;
    }

    /** How likely the tokens of a choice were; JSON's null if nobody says. */
    static JsonNode logprobs(ArrayNode content, ArrayNode refusal) {
        if (content.isEmpty() && refusal.isEmpty()) {
            return Json.nothing();
        }
        ObjectNode logprobs = Json.object();
        logprobs.set("content", content.isEmpty() ? Json.nothing() : content);
        logprobs.set("refusal", refusal.isEmpty() ? Json.nothing() : refusal);
        return logprobs;
    }

    private static ObjectNode call(ChatAnswer.Piece piece, AnswerContext context) {
        ObjectNode call = Json.object().put("id", IdRule.SHORT.apply(piece.callId() == null ? "" : piece.callId()));
        if (context.request().isCustom(piece.name())) {
            call.put("type", "custom")
                    .putObject("custom")
                    .put("name", piece.name())
                    .put("input", piece.text());
            return call;
        }
        call.put("type", "function");
        call.putObject("function")
                .put("name", piece.name())
                .put("arguments", piece.text().isBlank() ? "{}" : piece.text());
        piece.seals().forEach(seal -> signature(call, seal, context));
        return call;
    }

    /** Where Google's own compatible endpoint has a call's signature. */
    static void signature(ObjectNode call, Opaque seal, AnswerContext context) {
        call.putObject("extra_content")
                .putObject("google")
                .put("thought_signature", context.seal().show(seal, OpenAiChatFormat.ID));
    }
}
