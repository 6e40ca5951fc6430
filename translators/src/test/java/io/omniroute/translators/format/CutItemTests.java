package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What a limit has cut off is not called whole: neither the response nor the item in which it ended, and those before it are. */
class CutItemTests {

    @ParameterizedTest
    @CsvSource({
        "LENGTH,TOOL_CALL,incomplete",
        "LENGTH,TEXT,incomplete",
        "CONTENT_FILTER,TEXT,incomplete",
        "TOOL,TOOL_CALL,completed",
        "STOP,TEXT,completed"
    })
    void isIncomplete(FinishReason reason, PartKind last, String status) {
        ChatRequest request = new ChatRequest.Builder("m").build();
        StreamEncoder encoder = ApiFormats.ofId("openai-responses")
                .orElseThrow()
                .chat()
                .streamEncoder(new AnswerContext(request, "0", "m", 1, true, 100, CarrierSeal.NONE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List.of(
                        new StreamEvent.Start("0", "m"),
                        new StreamEvent.PartStart(0, 0, PartKind.TOOL_CALL, "c1", "f"),
                        new StreamEvent.PartDelta(0, "{}"),
                        new StreamEvent.PartEnd(0),
                        new StreamEvent.PartStart(0, 1, last, "c2", "f"),
                        new StreamEvent.PartDelta(1, "{\"a\""),
                        new StreamEvent.PartEnd(1),
                        new StreamEvent.Finish(0, reason, "raw"),
                        new StreamEvent.End())
                .forEach(event -> encoder.encode(event, out));
        List<JsonNode> events = out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Json.read(line.substring(6)))
                .toList();
        List<String> done = events.stream()
                .filter(event -> event.path("type").asString("").equals("response.output_item.done"))
                .map(event -> event.path("item").path("status").asString(""))
                .toList();
        assertThat(done).containsExactly("completed", status);
        JsonNode response = events.getLast().path("response");
        assertThat(response.path("status").asString("")).isEqualTo(status);
        assertThat(response.path("output").values().stream()
                        .map(item -> item.path("status").asString("")))
                .isEqualTo(done);
    }
}
