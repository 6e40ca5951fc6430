package io.omniroute.translators.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseOutputTests {

    /** Whole characters stay what they are, and half a one is none. */
    @ParameterizedTest
    @CsvSource({"D83D-DE00,\uD83D\uDE00", "D83D,?", "DE00,?", "0041,A"})
    void writesNoHalfCharacter(String units, String written) {
        StringBuilder text = new StringBuilder();
        for (String unit : units.split("-")) {
            text.append((char) Integer.parseInt(unit, 16));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SseOutput.write("e", Json.object().put("t", text.toString()), out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("event: e\ndata: {\"t\":\"" + written + "\"}\n\n");
    }
}
