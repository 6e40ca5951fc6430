package io.omniroute.translators.format.gemini;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How closely a model looks at a picture, in Google's words and in OpenAI's. */
final class MediaResolution {

    private static final String LOW = "MEDIA_RESOLUTION_LOW";
    private static final String HIGH = "MEDIA_RESOLUTION_HIGH";

    private MediaResolution() {}

    /** Google's word; empty if it has none. */
    static String level(String detail) {
        return switch (detail) {
            case "low" -> LOW;
            case "high" -> HIGH;
            default -> "";
        };
    }

    /** OpenAI's word; {@code null} if it has none. */
    static @Nullable String detail(@Nullable JsonNode resolution) {
        return switch (resolution == null ? "" : resolution.path("level").asString("")) {
            case LOW -> "low";
            case HIGH -> "high";
            default -> null;
        };
    }
}
