package io.omniroute.translators.format.gemini;

import io.omniroute.translators.model.FinishReason;

/** Why candidates end, in Google's words. */
final class GeminiReasons {

    private GeminiReasons() {}

    /** What one of these words means. */
    static FinishReason reason(String raw) {
        return switch (raw) {
            case "STOP", "" -> FinishReason.STOP;
            case "MAX_TOKENS" -> FinishReason.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION",
                    "LANGUAGE",
                    "MODEL_ARMOR" -> FinishReason.CONTENT_FILTER;
            case "MALFORMED_FUNCTION_CALL",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MALFORMED_RESPONSE",
                    "MISSING_THOUGHT_SIGNATURE" -> FinishReason.TOOL_ERROR;
            case "CONTINUATION" -> FinishReason.PAUSE;
            default -> FinishReason.OTHER;
        };
    }
}
