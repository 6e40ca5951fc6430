package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.model.FinishReason;
import java.util.Set;

/** The words in which providers say how an answer of theirs has ended. */
final class ChatReasons {

    /** For answers that they could not finish. */
    private static final Set<String> FAILED = Set.of("error", "network_error", "insufficient_system_resource", "abort");

    private ChatReasons() {}

    /** Whether an answer could not be finished. */
    static boolean isFailure(String raw) {
        return FAILED.contains(raw);
    }

    /** What a word means; what is not known is none of the others. */
    static FinishReason reason(String raw) {
        // Google's compatible endpoint says its own reason behind a word of its own
        if (raw.startsWith("function_call_filter")) {
            return FinishReason.TOOL_ERROR;
        }
        if (raw.startsWith("content_filter")) {
            return FinishReason.CONTENT_FILTER;
        }
        return switch (raw) {
            case "stop", "eos", "eos_token", "end_turn", "" -> FinishReason.STOP;
            case "length", "max_tokens", "model_length", "repetition_truncation" -> FinishReason.LENGTH;
            case "model_context_window_exceeded" -> FinishReason.CONTEXT_FULL;
            case "tool_calls", "function_call" -> FinishReason.TOOL;
            case "sensitive" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }
}
