package io.omniroute.translators.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextTemplateTests {

    private final TextTemplate template = new TextTemplate();

    @Test
    void findsTheTextOfEventsOfTheSameShape() {
        template.learn(event("{\"i\":0,\"content\":\"Hello\"}"), "Hello");
        assertThat(template.textOf(event("{\"i\":0,\"content\":\" wörld\"}"))).isEqualTo(" wörld");
        assertThat(template.textOf(event("{\"i\":0,\"content\":\"!\"}"))).isEqualTo("!");
    }

    @Test
    void leavesEveryOtherShapeToTheParser() {
        template.learn(event("{\"i\":0,\"content\":\"Hello\"}"), "Hello");
        for (String other : new String[] {
            "{\"i\":1,\"content\":\"Hello\"}",
            "{\"i\":0,\"content\":\"\"}",
            "{\"i\":0,\"content\":\"a\\n\"}",
            "{\"i\":0,\"content\":\"a\",\"finish\":\"stop\"}",
            "{\"i\":0,\"content\":\"a\",\"content\":\"b\"}",
            "{\"i\":0,\"content\":\"a\u0001\"}",
            "{\"i\":0,\"content\":\"",
            "\"}",
        }) {
            assertThat(template.textOf(event(other))).as(other).isNull();
        }
        assertThat(template.textOf(event("{\"i\":0,\"content\":\"a\"}", "other")))
                .isNull();
    }

    @Test
    void learnsNothingWhereTheTextStandsTwice() {
        template.learn(event("{\"id\":\"Hello\",\"content\":\"Hello\"}"), "Hello");
        assertThat(template.textOf(event("{\"id\":\"Hello\",\"content\":\"a\"}")))
                .isNull();
        template.learn(event("{\"content\":\"content\"}"), "content");
        assertThat(template.textOf(event("{\"content\":\"a\"}"))).isNull();
    }

    @Test
    void learnsNothingFromATextWithEscapes() {
        template.learn(event("{\"content\":\"a\\\"b\"}"), "a\"b");
        assertThat(template.textOf(event("{\"content\":\"c\"}"))).isNull();
    }

    @Test
    void givesUpWhereEveryEventIsDifferent() {
        for (int i = 0; i < 20; i++) {
            template.learn(event("{\"content\":\"a\",\"random\":" + i + "}"), "a");
        }
        assertThat(template.textOf(event("{\"content\":\"b\",\"random\":19}"))).isNull();
    }

    /** A replacement character in its place would be said to be the provider's. */
    @Test
    void leavesBytesThatAreNoUtf8ToTheParser() {
        template.learn(event("{\"content\":\"Hello\"}"), "Hello");
        SseEvent odd = event("{\"content\":\"ab\"}");
        odd.data()[odd.dataStart() + "{\"content\":\"".length()] = (byte) 0xFF;
        assertThat(template.textOf(odd)).isNull();
    }

    private static SseEvent event(String data) {
        return event(data, null);
    }

    private static SseEvent event(String data, @Nullable String name) {
        byte[] bytes = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
        return new SseEvent(bytes, 0, bytes.length, name, bytes, 6, bytes.length - 2);
    }
}
