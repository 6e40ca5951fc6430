package io.omniroute.translators.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.translators.error.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Server-sent events are found wherever the network split them, and no byte is lost or changed. */
class SseParserTests {

    private static final String STREAM = "\uFEFFdata: one\n\n: comment\n\nevent: named\ndata:two\ndata: lines\n\n"
            + "data: crlf\r\n\r\ndata: cr\r\rid: 7\ndata\n\ndata: é€😀\n\n\n\ndata: [DONE]\n\n";

    @Test
    void findsEventsOfEveryKind() {
        Heard heard = parse(STREAM.getBytes(StandardCharsets.UTF_8), new int[0]);
        assertThat(heard.data).containsExactly("one", "two\nlines", "crlf", "cr", "é€😀", "[DONE]");
        assertThat(heard.names).containsExactly("named");
        assertThat(heard.done).isEqualTo(1);
    }

    @Test
    void givesTheSameEventsForEverySplitInTwo() {
        byte[] stream = STREAM.getBytes(StandardCharsets.UTF_8);
        Heard whole = parse(stream, new int[0]);
        for (int at = 1; at < stream.length; at++) {
            Heard split = parse(stream, new int[] {at});
            assertThat(split.data).as("split at %s", at).isEqualTo(whole.data);
            assertThat(split.raw()).as("split at %s", at).isEqualTo(stream);
        }
    }

    @Test
    void givesTheSameEventsByteByByte() {
        byte[] stream = STREAM.getBytes(StandardCharsets.UTF_8);
        int[] everywhere = new int[stream.length - 1];
        Arrays.setAll(everywhere, i -> i + 1);
        Heard split = parse(stream, everywhere);
        assertThat(split.data).isEqualTo(parse(stream, new int[0]).data);
        assertThat(split.raw()).isEqualTo(stream);
    }

    @Property(tries = 300)
    void losesNoByteWhateverComes(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 6) Integer> choices,
            @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 400) Integer> splits) {
        String[] words = {"data: x", "\n", "\r", "\r\n", ":", "event: e", "é"};
        StringBuilder text = new StringBuilder();
        choices.forEach(choice -> text.append(words[choice]));
        byte[] stream = text.toString().getBytes(StandardCharsets.UTF_8);
        int[] at = splits.stream()
                .mapToInt(Integer::intValue)
                .filter(i -> i < stream.length)
                .sorted()
                .distinct()
                .toArray();
        Heard split = parse(stream, at);
        assertThat(split.data).isEqualTo(parse(stream, new int[0]).data);
        assertThat(new String(split.raw(), StandardCharsets.UTF_8))
                .startsWith(text.toString())
                .hasSizeLessThanOrEqualTo(text.length() + 2);
    }

    @Test
    void takesAnObjectWithoutAFieldForData() {
        byte[] stream = "data: one\n\n{\n \"error\": {}\r\n}".getBytes(StandardCharsets.UTF_8);
        for (int at = 1; at < stream.length; at++) {
            assertThat(parse(stream, new int[] {at}).data)
                    .as("split at %s", at)
                    .containsExactly("one", "{\n \"error\": {}\r\n}");
        }
    }

    @Test
    void handsOverALastEventWithoutItsBlankLine() {
        assertThat(parse("data: a\n\ndata: b".getBytes(StandardCharsets.UTF_8), new int[0]).data)
                .containsExactly("a", "b");
    }

    @Test
    void refusesAnEventThatGrowsTooLong() {
        SseParser parser = new SseParser(100);
        byte[] line = "data: 0123456789012345678901234567890123456789".getBytes(StandardCharsets.UTF_8);
        parser.feed(line, event -> {});
        parser.feed(line, event -> {});
        assertThatThrownBy(() -> parser.feed(line, event -> {}))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("100 bytes");
    }

    private static Heard parse(byte[] stream, int[] splits) {
        Heard heard = new Heard();
        SseParser parser = new SseParser(1_000_000);
        int from = 0;
        for (int split : splits) {
            parser.feed(Arrays.copyOfRange(stream, from, split), heard::event);
            from = split;
        }
        parser.feed(Arrays.copyOfRange(stream, from, stream.length), heard::event);
        parser.end(heard::event);
        return heard;
    }

    private static final class Heard {
        private final List<String> data = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
        private int done;

        void event(SseEvent event) {
            raw.write(event.buffer(), event.rawStart(), event.rawEnd() - event.rawStart());
            if (event.hasData()) {
                data.add(event.text());
            }
            if (event.name() != null) {
                names.add(event.name());
            }
            done += event.isDone() ? 1 : 0;
        }

        byte[] raw() {
            return raw.toByteArray();
        }
    }
}
