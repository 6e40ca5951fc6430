package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.sse.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the vendors' own streams keep to, of every format; fails where a stream does not. */
final class StreamGrammar {

    private static final JsonMapper JSON = JsonMapper.shared();

    private record Event(String name, JsonNode data) {}

    private StreamGrammar() {}

    /** Checks a whole stream that is not a failure. */
    static void check(String format, byte[] stream) {
        List<Event> events = new ArrayList<>();
        boolean[] done = new boolean[1];
        SseParser parser = new SseParser(1 << 22);
        parser.feed(stream, event -> {
            if (!event.hasData()) {
                return;
            }
            String data = new String(
                    event.buffer(), event.dataStart(), event.dataEnd() - event.dataStart(), StandardCharsets.UTF_8);
            assertThat(done[0]).as("nothing follows the terminator").isFalse();
            if (data.equals("[DONE]")) {
                done[0] = true;
            } else {
                JsonNode json = JSON.readTree(data);
                events.add(new Event(json.path("type").asString(""), json));
            }
        });
        switch (format) {
            case "openai-chat" -> {
                assertThat(done[0]).as("ends with [DONE]").isTrue();
                chat(events);
            }
            case "anthropic-messages" -> messages(events);
            case "openai-responses" -> responses(events);
            case "gemini" -> gemini(events);
            default -> throw new IllegalArgumentException(format);
        }
    }

    private static void chat(List<Event> events) {
        Set<String> heads = new HashSet<>();
        Map<Integer, Integer> calls = new HashMap<>();
        Set<Integer> begun = new HashSet<>();
        Set<Integer> ended = new HashSet<>();
        boolean usage = false;
        for (Event event : events) {
            JsonNode chunk = event.data();
            assertThat(chunk.path("object").asString("")).isEqualTo("chat.completion.chunk");
            heads.add(chunk.path("id").asString("") + chunk.path("created"));
            assertThat(usage).as("usage comes last").isFalse();
            usage = chunk.path("choices").isEmpty() && chunk.has("usage");
            for (JsonNode choice : chunk.path("choices")) {
                int index = choice.path("index").asInt(-1);
                JsonNode delta = choice.path("delta");
                if (begun.add(index)) {
                    assertThat(delta.path("role").asString("")).isEqualTo("assistant");
                }
                assertThat(ended).as("nothing follows the end of a choice").doesNotContain(index);
                for (JsonNode call : delta.path("tool_calls")) {
                    int number = call.path("index").asInt(-1);
                    int next = calls.getOrDefault(index, 0);
                    if (number == next) {
                        calls.put(index, next + 1);
                        assertThat(call.path("id").asString("")).isNotEmpty();
                        assertThat(call.path("type").asString("")).isIn("function", "custom");
                    } else {
                        assertThat(number).isBetween(0, next - 1);
                        assertThat(call.has("id")).isFalse();
                    }
                }
                if (choice.path("finish_reason").isString()) {
                    ended.add(index);
                }
            }
        }
        assertThat(heads).hasSize(1);
        assertThat(ended).isEqualTo(begun);
    }

    private static void messages(List<Event> events) {
        assertThat(events.getFirst().name()).isEqualTo("message_start");
        assertThat(events.getLast().name()).isEqualTo("message_stop");
        int next = 0;
        boolean open = false;
        boolean closing = false;
        String type = "";
        boolean signed = false;
        for (Event event : events.subList(1, events.size() - 1)) {
            JsonNode data = event.data();
            switch (event.name()) {
                case "content_block_start" -> {
                    assertThat(open || closing).as("blocks do not overlap").isFalse();
                    assertThat(data.path("index").asInt(-1)).isEqualTo(next);
                    type = data.path("content_block").path("type").asString("");
                    open = true;
                    signed = false;
                }
                case "content_block_delta" -> {
                    assertThat(open).isTrue();
                    assertThat(data.path("index").asInt(-1)).isEqualTo(next);
                    String kind = data.path("delta").path("type").asString("");
                    assertThat(signed).as("a signature comes last").isFalse();
                    signed = kind.equals("signature_delta");
                    assertThat(kind)
                            .isIn(
                                    switch (type) {
                                        case "text" -> List.of("text_delta", "citations_delta");
                                        case "thinking" -> List.of("thinking_delta", "signature_delta");
                                        case "tool_use", "server_tool_use" -> List.of("input_json_delta");
                                        default -> List.of();
                                    });
                }
                case "content_block_stop" -> {
                    assertThat(open).isTrue();
                    assertThat(!type.equals("thinking") || signed)
                            .as("a thought is signed")
                            .isTrue();
                    open = false;
                    next++;
                }
                case "message_delta" -> {
                    assertThat(open || closing).isFalse();
                    assertThat(data.path("delta").path("stop_reason").asString(""))
                            .isNotEmpty();
                    closing = true;
                }
                case "ping" -> {
                    // any time
                }
                default -> throw new AssertionError("unknown event " + event.name());
            }
        }
        assertThat(closing).as("has a message_delta").isTrue();
    }

    private static void responses(List<Event> events) {
        assertThat(events.getFirst().name()).isEqualTo("response.created");
        Map<Integer, JsonNode> done = new HashMap<>();
        Map<Integer, String> open = new HashMap<>();
        int items = 0;
        for (int i = 0; i < events.size(); i++) {
            JsonNode data = events.get(i).data();
            assertThat(data.path("sequence_number").asInt(-1)).isEqualTo(i);
            String name = events.get(i).name();
            int index = data.path("output_index").asInt(-1);
            if (name.equals("response.output_item.added")) {
                assertThat(index).isEqualTo(items++);
                open.put(index, data.path("item").path("id").asString(""));
            } else if (name.equals("response.output_item.done")) {
                assertThat(data.path("item").path("id").asString("")).isEqualTo(open.remove(index));
                done.put(index, data.path("item"));
            } else if (data.has("item_id")) {
                assertThat(data.path("item_id").asString("")).isEqualTo(open.get(index));
            }
        }
        Event last = events.getLast();
        assertThat(last.name()).isIn("response.completed", "response.incomplete");
        assertThat(open).isEmpty();
        JsonNode output = last.data().path("response").path("output");
        assertThat(output.size()).isEqualTo(items);
        for (int i = 0; i < items; i++) {
            assertThat(output.get(i)).isEqualTo(done.get(i));
        }
    }

    private static void gemini(List<Event> events) {
        Set<Integer> seen = new HashSet<>();
        Set<Integer> ended = new HashSet<>();
        for (Event event : events) {
            for (JsonNode candidate : event.data().path("candidates")) {
                int index = candidate.path("index").asInt(0);
                seen.add(index);
                assertThat(ended).as("nothing follows the end of a candidate").doesNotContain(index);
                assertThat(candidate.path("content").path("role").asString("")).isEqualTo("model");
                if (candidate.has("finishReason")) {
                    ended.add(index);
                }
            }
        }
        assertThat(ended).isEqualTo(seen).isNotEmpty();
    }
}
