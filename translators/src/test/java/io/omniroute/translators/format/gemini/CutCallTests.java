package io.omniroute.translators.format.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A call that a limit has cut is not shown: the format has no half of one, and programs run what they are shown. */
class CutCallTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "LENGTH|{\"city\":\"Par|MAX_TOKENS|",
                "LENGTH|``|MAX_TOKENS|",
                "CONTEXT_FULL|{\"city|MAX_TOKENS|",
                "CONTENT_FILTER|{\"city|SAFETY|",
                "LENGTH|{\"city\":\"Paris\"}|MAX_TOKENS|{\"city\":\"Paris\"}",
                "TOOL|{\"city\":\"Par|STOP|{\"_raw\":\"{\\\"city\\\":\\\"Par\"}",
                "TOOL|``|STOP|{}",
                "STOP|``|STOP|{}"
            })
    void aCutCallIsLeftOut(FinishReason reason, String arguments, String ended, String shown) {
        List<StreamEvent> events = List.of(
                new StreamEvent.Start("0", "m"),
                new StreamEvent.PartStart(0, 0, PartKind.TOOL_CALL, "c1", "before"),
                new StreamEvent.PartDelta(0, "no object"),
                new StreamEvent.PartEnd(0),
                new StreamEvent.PartStart(0, 1, PartKind.TOOL_CALL, "c2", "last"),
                new StreamEvent.PartDelta(1, arguments == null ? "" : arguments),
                new StreamEvent.PartEnd(1),
                new StreamEvent.Finish(0, reason, "raw"),
                new StreamEvent.End());
        AnswerContext context =
                new AnswerContext(new ChatRequest.Builder("m").build(), "0", "m", 1, true, 100, CarrierSeal.NONE);

        StreamEncoder encoder = GeminiFormat.INSTANCE.chat().streamEncoder(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(event -> encoder.encode(event, out));
        List<JsonNode> candidates = out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Json.read(line.substring(6)).at("/candidates/0"))
                .toList();
        isShown(candidates.stream(), shown);
        assertThat(candidates.getLast().path("finishReason").asString("")).isEqualTo(ended);

        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.forEach(fold);
        JsonNode whole = Json.read(new String(
                        GeminiFormat.INSTANCE.chat().encodeAnswer(fold.answer(), context), StandardCharsets.UTF_8))
                .at("/candidates/0");
        isShown(Stream.of(whole), shown);
        assertThat(whole.path("finishReason").asString("")).isEqualTo(ended);
    }

    private static void isShown(Stream<JsonNode> candidates, String arguments) {
        List<JsonNode> calls = candidates
                .flatMap(candidate -> candidate.at("/content/parts").valueStream())
                .map(part -> part.path("functionCall"))
                .filter(JsonNode::isObject)
                .toList();
        assertThat(calls).extracting(call -> call.path("name").asString("")).startsWith("before");
        assertThat(calls).hasSize(arguments == null ? 1 : 2);
        if (arguments != null) {
            assertThat(calls.getLast().path("args")).hasToString(arguments);
        }
    }
}
