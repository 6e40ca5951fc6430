package io.omniroute.translators.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An event is one line, whatever a client takes for the end of one. */
class SseOutputTests {

    @ParameterizedTest
    @ValueSource(ints = {0x85, 0x2028, 0x2029})
    void hasNoLineEndInItsData(int lineEnd) {
        for (String text : new String[] {"a%sb", "%s", "\u00e9%s%s\u20ac", "\ud800 %s"}) {
            String said = text.replace("%s", Character.toString(lineEnd));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SseOutput.write(Json.object().put("text", said), out);
            String event = out.toString(StandardCharsets.UTF_8);
            assertThat(event.codePoints()).doesNotContain(lineEnd);
            assertThat(Json.read(event.substring("data: ".length()))
                            .path("text")
                            .asString(""))
                    .isEqualTo(said.replace('\ud800', '?'));
        }
    }
}
