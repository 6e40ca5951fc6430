package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.model.FinishReason;

/** Anthropic's words for why a message ended. */
final class StopReasons {

    private StopReasons() {}

    static FinishReason read(String raw) {
        return switch (raw) {
            case "end_turn", "" -> FinishReason.STOP;
            case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
            case "max_tokens" -> FinishReason.LENGTH;
            case "model_context_window_exceeded" -> FinishReason.CONTEXT_FULL;
            case "tool_use" -> FinishReason.TOOL;
            case "refusal" -> FinishReason.REFUSAL;
            case "pause_turn" -> FinishReason.PAUSE;
            default -> FinishReason.OTHER;
        };
    }

    static String write(FinishReason reason) {
        return switch (reason) {
            case STOP, OTHER, TOOL_ERROR -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case CONTEXT_FULL -> "model_context_window_exceeded";
            case TOOL -> "tool_use";
            case CONTENT_FILTER, REFUSAL -> "refusal";
            case PAUSE -> "pause_turn";
        };
    }
}
