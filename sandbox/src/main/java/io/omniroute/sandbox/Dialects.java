package io.omniroute.sandbox;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which vendor's way a path is of. */
final class Dialects {

    private static final Pattern GEMINI =
            Pattern.compile("/v1(?:beta)?/models/([^/:]+):(generateContent|streamGenerateContent)");

    private static final Dialect CHAT = new ChatDialect();
    private static final Dialect MESSAGES = new MessagesDialect();
    private static final Dialect RESPONSES = new ResponsesDialect();
    private static final Dialect COMPACTION = new CompactionDialect(RESPONSES);
    private static final Dialect GOOGLE = new GeminiDialect();

    private Dialects() {}

    static @Nullable Dialect of(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> CHAT;
            case "/v1/messages" -> MESSAGES;
            case "/v1/responses" -> RESPONSES;
            case CompactionDialect.PATH -> COMPACTION;
            default -> GEMINI.matcher(path).matches() ? GOOGLE : null;
        };
    }

    /** The model, which Gemini has in its path. */
    static String model(String path, @Nullable JsonNode request) {
        return gemini(path)
                .map(matcher -> matcher.group(1))
                .orElseGet(() -> request == null ? "" : request.path("model").asString(""));
    }

    /** Whether a stream is asked for. */
    static boolean stream(String path, @Nullable JsonNode request) {
        return gemini(path)
                .map(matcher -> matcher.group(2).startsWith("stream"))
                .orElseGet(() -> request != null && request.path("stream").asBoolean(false));
    }

    private static Optional<Matcher> gemini(String path) {
        Matcher matcher = GEMINI.matcher(path);
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }
}
