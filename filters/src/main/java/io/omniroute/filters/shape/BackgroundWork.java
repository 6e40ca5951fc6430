package io.omniroute.filters.shape;

import io.omniroute.config.Glob;
import io.omniroute.translators.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Work that nobody waits for goes to a cheaper model: what its client says is background work, and what looks like it. */
final class BackgroundWork implements ShapingPolicy {

    private static final List<String> HEADERS = List.of("x-request-priority", "x-task-type", "x-initiator");
    private static final int FEW_TOKENS = 50;
    private static final int FEW_TURNS = 3;
    private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens", "max_output_tokens");
    private static final List<String> PHRASES = List.of(
            "generate a title",
            "conversation title",
            "short title",
            "concise title",
            "title for this conversation",
            "summarize this conversation",
            "summarize the conversation",
            "summarise the conversation",
            "write a commit message",
            "generate a commit message",
            "suggest follow-up",
            "follow-up questions",
            "classify the following",
            "is this message about a new topic",
            "extract keywords",
            "generate tags");

    private record Cheaper(Glob models, String instead) {}

    private final List<Cheaper> cheaper;
    private final boolean phrases;

    BackgroundWork(ShapingProperties.Background settings) {
        this.cheaper = settings.models().entrySet().stream()
                .map(entry -> new Cheaper(new Glob(entry.getKey()), entry.getValue()))
                .toList();
        this.phrases = settings.phrases();
    }

    @Override
    public Shaped apply(Shaped shaped, HttpHeaders headers) {
        String asked = shaped.call().asked();
        return cheaper.stream()
                .filter(one -> one.models().matches(asked))
                .findFirst()
                .filter(one ->
                        isSaid(headers) || (phrases && looksLike(shaped.call().body())))
                .map(one -> shaped.asking(one.instead()))
                .orElse(shaped);
    }

    private static boolean isSaid(HttpHeaders headers) {
        return HEADERS.stream().anyMatch(name -> "background".equalsIgnoreCase(headers.getFirst(name)));
    }

    private static boolean looksLike(byte[] body) {
        ObjectNode request = Json.requestObject(body);
        JsonNode turns = request.has("messages")
                ? request.get("messages")
                : request.has("contents") ? request.get("contents") : request.path("input");
        long users = turns.valueStream()
                .filter(turn -> turn.path("role").asString("user").equals("user"))
                .count();
        return users <= FEW_TURNS && (isShort(request) || PHRASES.stream().anyMatch(instructions(request)::contains));
    }

    private static boolean isShort(ObjectNode request) {
        JsonNode google = request.path("generationConfig").path("maxOutputTokens");
        return Stream.concat(LIMITS.stream().map(request::path), Stream.of(google))
                .anyMatch(limit -> limit.isIntegralNumber() && limit.asLong() < FEW_TOKENS);
    }

    private static String instructions(ObjectNode request) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            switch (field.getKey()) {
                case "system", "instructions", "systemInstruction", "system_instruction" ->
                    text.append(field.getValue());
                case "messages", "input" ->
                    field.getValue()
                            .valueStream()
                            .filter(turn -> turn.path("role").asString("").matches("system|developer"))
                            .forEach(text::append);
                default -> {
                    // tells the model nothing
                }
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }
}
