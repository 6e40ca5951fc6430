package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a provider gives several answers at once, clients whose answers have no candidates get the first. */
class FirstCandidateTests {

    private static final List<StreamEvent> EVENTS = List.of(
            new StreamEvent.Start("0", "m"),
            new StreamEvent.PartStart(0, 0, PartKind.TEXT, null, null),
            new StreamEvent.PartDelta(0, "One"),
            new StreamEvent.PartStart(1, 1, PartKind.TEXT, null, null),
            new StreamEvent.PartDelta(1, "Another"),
            new StreamEvent.PartDelta(0, " two"),
            new StreamEvent.PartDelta(1, " two"),
            new StreamEvent.PartEnd(1),
            new StreamEvent.PartStart(1, 2, PartKind.TOOL_CALL, "call_1", "other_tool"),
            new StreamEvent.PartDelta(2, "{}"),
            new StreamEvent.PartEnd(2),
            new StreamEvent.PartEnd(0),
            new StreamEvent.UsageUpdate(new Usage(5, 0, 0, 9, 0, false)),
            new StreamEvent.Finish(0, FinishReason.LENGTH, "length"),
            new StreamEvent.Finish(1, FinishReason.TOOL, "tool_calls"),
            new StreamEvent.End());

    @ParameterizedTest
    @ValueSource(strings = {"anthropic-messages", "openai-responses"})
    void isAllThatIsTold(String id) {
        ApiFormat format = ApiFormats.ofId(id).orElseThrow();
        AnswerContext context = new AnswerContext(
                new ChatRequest.Builder("m").build(), "0123456789abcdef", "m", 1, true, 100, CarrierSeal.NONE);
        StreamEncoder encoder = format.chat().streamEncoder(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        EVENTS.forEach(event -> {
            encoder.encode(event, out);
            fold.accept(event);
        });
        StreamGrammar.check(id, out.toByteArray());
        String streamed = out.toString(StandardCharsets.UTF_8);
        String whole = new String(format.chat().encodeAnswer(fold.answer(), context), StandardCharsets.UTF_8);
        assertThat(whole).contains("One two");
        for (String told : List.of(streamed, whole)) {
            assertThat(told)
                    .contains("One", " two", id.equals("openai-responses") ? "max_output_tokens" : "max_tokens", ":9")
                    .doesNotContain("Another", "other_tool");
        }
    }
}
