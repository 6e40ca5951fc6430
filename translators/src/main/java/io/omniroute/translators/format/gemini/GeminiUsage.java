package io.omniroute.translators.format.gemini;

import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** What an answer of Google's has used, which its events repeat and grow more complete. One per answer; not thread-safe. */
final class GeminiUsage {

    private static final List<String> COUNTS = List.of("promptTokenCount", "candidatesTokenCount", "totalTokenCount");

    private long input;
    private long cached;
    private long output;
    private long thoughts;
    private long toolUse;

    /** Reads what an event says of it, and tells how much there is by now. */
    void read(JsonNode usage, Consumer<StreamEvent> sink) {
        if (COUNTS.stream().noneMatch(usage::has)) {
            return; // Vertex begins with the kind of its traffic
        }
        input = usage.path("promptTokenCount").asLong(input);
        cached = usage.path("cachedContentTokenCount").asLong(cached);
        output = usage.path("candidatesTokenCount").asLong(output);
        thoughts = usage.path("thoughtsTokenCount").asLong(thoughts);
        toolUse = usage.path("toolUsePromptTokenCount").asLong(toolUse);
        sink.accept(
                new StreamEvent.UsageUpdate(new Usage(input + toolUse, cached, 0, output + thoughts, thoughts, false)));
    }
}
