package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why an answer has ended is told when the provider has said all, and not before: it may yet fail. */
class EndReasonTests {

    @ParameterizedTest
    @CsvSource({
        "openai-chat,\"finish_reason\":\"stop\"",
        "openai-completions,\"finish_reason\":\"stop\"",
        "openai-responses,response.completed",
        "anthropic-messages,\"stop_reason\":\"end_turn\"",
        "gemini,\"finishReason\":\"STOP\""
    })
    void isToldAtTheEnd(String format, String told) {
        ChatRequest request = new ChatRequest.Builder("m").build();
        StreamEncoder encoder = ApiFormats.ofId(format)
                .orElseThrow()
                .chat()
                .streamEncoder(new AnswerContext(request, "0", "m", 1, true, 100, CarrierSeal.NONE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List.of(
                        new StreamEvent.Start("0", "m"),
                        new StreamEvent.PartStart(0, 0, PartKind.TEXT, null, null),
                        new StreamEvent.PartDelta(0, "Hello"),
                        new StreamEvent.PartEnd(0),
                        new StreamEvent.Finish(0, FinishReason.STOP, "stop"))
                .forEach(event -> encoder.encode(event, out));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Hello").doesNotContain(told);
        encoder.encode(new StreamEvent.End(), out);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(told);
    }
}
