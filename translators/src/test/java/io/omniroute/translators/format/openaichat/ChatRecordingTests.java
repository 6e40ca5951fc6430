package io.omniroute.translators.format.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams that real providers sent are read to their end, whatever the split, and end as they ended. */
class ChatRecordingTests {

    private static final Path FOLDER = Path.of("src/test/resources/recordings");

    static Stream<Path> recordings() throws IOException {
        return Files.readAllLines(FOLDER.resolve("MANIFEST.tsv")).stream()
                .map(line -> line.split("\t"))
                .filter(row -> row[3].equals("openai-chat") && row[4].equals("yes") && row[0].endsWith(".json"))
                .map(row -> FOLDER.resolve(row[0]))
                .filter(ChatRecordingTests::hasBothSides);
    }

    private static boolean hasBothSides(Path file) {
        try {
            String text = Files.readString(file);
            return text.startsWith("{") && text.contains("\"sse\"") && text.contains("\"request\"");
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void readsARecordedStream(Path file) throws IOException {
        JsonNode recording = JsonMapper.shared().readTree(Files.readString(file));
        byte[] stream = recording.at("/response/sse").asString("").getBytes(StandardCharsets.UTF_8);
        byte[] request = recording.at("/request/body").toString().getBytes(StandardCharsets.UTF_8);
        OperationCodec codec = OpenAiChatFormat.INSTANCE.codecs().get(Operation.CHAT);
        RequestHead head = codec.readRequest(
                request, new Endpoint(OpenAiChatFormat.INSTANCE, Operation.CHAT, null, null), JsonLimits.DEFAULT);
        assertThat(head.stream()).isTrue();
        List<StreamEvent> whole = decode(codec, head, stream, new int[0]);
        boolean failed = whole.stream().anyMatch(StreamEvent.Failure.class::isInstance);
        assertThat(failed)
                .as("an error was recorded")
                .isEqualTo(recording.at("/response/sse").asString("").contains("\"error\":{"));
        if (!failed) {
            assertThat(whole.getFirst()).isInstanceOf(StreamEvent.Start.class);
            assertThat(whole).anyMatch(StreamEvent.Finish.class::isInstance);
            assertThat(whole.getLast()).isInstanceOf(StreamEvent.End.class);
            assertPartsAreBalanced(whole);
            assertThat(text(whole)).isEqualTo(recordedText(stream));
        }
        Random random = new Random(7);
        for (int round = 0; round < 100; round++) {
            int[] splits = random.ints(random.nextInt(12), 1, stream.length)
                    .sorted()
                    .distinct()
                    .toArray();
            assertThat(decode(codec, head, stream, splits)).isEqualTo(whole);
        }
    }

    private static List<StreamEvent> decode(OperationCodec codec, RequestHead head, byte[] stream, int[] splits) {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = codec.streamDecoder(head, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 20);
        int from = 0;
        for (int split : splits) {
            parser.feed(Arrays.copyOfRange(stream, from, split), event -> decoder.decode(event, events::add));
            from = split;
        }
        parser.feed(Arrays.copyOfRange(stream, from, stream.length), event -> decoder.decode(event, events::add));
        parser.end(event -> decoder.decode(event, events::add));
        decoder.end(events::add);
        boolean failed = events.stream().anyMatch(StreamEvent.Failure.class::isInstance);
        assertThat(decoder.complete() || failed).isTrue();
        return events;
    }

    private static void assertPartsAreBalanced(List<StreamEvent> events) {
        List<Integer> open = new ArrayList<>();
        int next = 0;
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.PartStart start) {
                assertThat(start.part()).isEqualTo(next++);
                open.add(start.part());
            } else if (event instanceof StreamEvent.PartDelta delta) {
                assertThat(open).contains(delta.part());
            } else if (event instanceof StreamEvent.PartEnd end) {
                assertThat(open.remove((Integer) end.part())).isTrue();
            }
        }
        assertThat(open).isEmpty();
    }

    private static String text(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> {
            if (event instanceof StreamEvent.PartDelta delta) {
                text.append(delta.text());
            }
        });
        return text.toString();
    }

    /** What the chunks say, by a JSON tree and in the order of the stream. */
    private static String recordedText(byte[] stream) {
        StringBuilder text = new StringBuilder();
        new String(stream, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> {
                    JsonNode delta =
                            JsonMapper.shared().readTree(line.substring(6)).at("/choices/0/delta");
                    delta.properties().forEach(property -> {
                        switch (property.getKey()) {
                            case "content", "reasoning_content", "reasoning", "refusal" ->
                                text.append(property.getValue().asString(""));
                            case "tool_calls" ->
                                property.getValue()
                                        .forEach(call -> text.append(
                                                call.at("/function/arguments").asString("")));
                            default -> {
                                // nothing that was said
                            }
                        }
                    });
                });
        return text.toString();
    }
}
