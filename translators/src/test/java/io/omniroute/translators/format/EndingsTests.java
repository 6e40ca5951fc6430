package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingsTests {

    private final Endings endings = new Endings();

    /** Clients wait for a call that they were told of, and loop where none has come. */
    @Test
    void callNothingWhereNothingIsCalled() {
        endings.hear(new StreamEvent.PartStart(0, 0, PartKind.TEXT, null, null));
        assertThat(reason(0, FinishReason.TOOL)).isEqualTo(FinishReason.STOP);
        endings.hear(new StreamEvent.PartStart(1, 1, PartKind.TOOL_CALL, "c", "f"));
        assertThat(reason(1, FinishReason.TOOL)).isEqualTo(FinishReason.TOOL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"a\":1}|REFUSAL", "{\"command\":\"rm -rf /tmp/scra|CONTENT_FILTER"})
    void declineInTheMiddleOfACall(String arguments, FinishReason expected) {
        endings.hear(new StreamEvent.PartStart(0, 0, PartKind.TOOL_CALL, "c", "f"));
        endings.hear(new StreamEvent.PartDelta(0, arguments));
        assertThat(reason(0, FinishReason.REFUSAL)).isEqualTo(expected);
    }

    private FinishReason reason(int candidate, FinishReason reason) {
        return ((StreamEvent.Finish) endings.hear(new StreamEvent.Finish(candidate, reason, ""))).reason();
    }
}
