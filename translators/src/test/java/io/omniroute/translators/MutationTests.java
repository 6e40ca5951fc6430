package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A fuzzer with real traffic as its seed: values of other types, members gone or doubled, bytes changed. A request is read or
 * refused with 400, an answer is read or is a failure; nothing else is ever thrown, and what was read can be written.
 */
class MutationTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ROUNDS = Integer.getInteger("mutations", 40);

    static Stream<Recording> requests() {
        return Recording.all().stream().filter(r -> r.apiFormat().isPresent() && r.request() != null);
    }

    static Stream<Recording> answers() {
        return Recording.all().stream().filter(r -> r.apiFormat().isPresent() && r.answer() != null);
    }

    static Stream<Recording> streams() {
        return Recording.all().stream().filter(r -> r.apiFormat().isPresent() && r.stream() != null);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsOrRefusesARequest(Recording recording) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        Random random = new Random(recording.request().hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            String body = mutated(recording.request(), random);
            try {
                request(format, body, recording.modelInPath());
            } catch (ApiException refused) {
                assertThat(refused.error().kind().status()).as(body).isBetween(400, 499);
            } catch (RuntimeException | StackOverflowError thrown) {
                fail(format.id() + ": " + body, thrown);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void readsAnAnswerOrSaysThatItFailed(Recording recording) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        Random random = new Random(recording.answer().hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            String body = mutated(recording.answer(), random);
            try {
                ChatAnswer.Fold fold = new ChatAnswer.Fold();
                format.codecs()
                        .get(Operation.CHAT)
                        .readAnswer(body.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT, fold);
                if (fold.failure() == null) {
                    for (ApiFormat client : clients()) {
                        assertThat(client.chat().encodeAnswer(fold.answer(), context()))
                                .isNotEmpty();
                    }
                }
            } catch (RuntimeException | StackOverflowError thrown) {
                fail(format.id() + ": " + body, thrown);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsAStreamOrSaysThatItFailed(Recording recording) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        Random random = new Random(recording.stream().hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            String stream = mutatedStream(recording.stream(), random);
            try {
                List<StreamEvent> events = decode(format, stream);
                for (ApiFormat client : clients()) {
                    StreamEncoder encoder = client.chat().streamEncoder(context());
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    for (StreamEvent event : events) {
                        if (event instanceof StreamEvent.Failure) {
                            break;
                        }
                        encoder.encode(event, out);
                    }
                }
            } catch (RuntimeException | StackOverflowError thrown) {
                fail(format.id() + ": " + stream, thrown);
            }
        }
    }

    private static void request(ApiFormat format, String body, String model) {
        boolean gemini = format.id().equals("gemini");
        Endpoint endpoint =
                new Endpoint(format, Operation.CHAT, null, gemini ? model : null, gemini ? "generateContent" : "");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        format.codecs().get(Operation.CHAT).readRequest(bytes, endpoint, JsonLimits.DEFAULT);
        ChatRequest request = format.chat().decode(bytes, endpoint, CarrierSeal.NONE);
        for (ApiFormat target : clients()) {
            try {
                target.chat().encode(request, TargetProfile.unknown("p", "m"), new Losses(false));
            } catch (ApiException refused) {
                assertThat(refused.error().kind().status()).isEqualTo(400);
            }
        }
    }

    private static List<StreamEvent> decode(ApiFormat format, String stream) {
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = format.codecs().get(Operation.CHAT).streamDecoder(head, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 22);
        parser.feed(stream.getBytes(StandardCharsets.UTF_8), event -> decoder.decode(event, events::add));
        parser.end(event -> decoder.decode(event, events::add));
        decoder.end(events::add);
        return events;
    }

    private static List<ApiFormat> clients() {
        return ApiFormats.all().stream().filter(ApiFormat::isForProviders).toList();
    }

    private static AnswerContext context() {
        return new AnswerContext(new ChatRequest.Builder("m").build(), "abc123", "m", 1, true, 10, CarrierSeal.NONE);
    }

    private static String mutatedStream(String stream, Random random) {
        List<String> lines = new ArrayList<>(stream.lines().toList());
        int at = random.nextInt(lines.size());
        for (int tries = 0; tries < lines.size() && !lines.get(at).startsWith("data: {"); tries++) {
            at = (at + 1) % lines.size();
        }
        String line = lines.get(at);
        switch (random.nextInt(6)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, line);
            case 2 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
            default -> {
                if (line.startsWith("data: ")) {
                    lines.set(at, "data: " + mutated(line.substring(6), random).replace("\n", ""));
                }
            }
        }
        return String.join("\n", lines) + "\n\n";
    }

    private static String mutated(String text, Random random) {
        if (random.nextInt(8) == 0) {
            StringBuilder bytes = new StringBuilder(text);
            bytes.setCharAt(random.nextInt(bytes.length()), (char) (32 + random.nextInt(95)));
            return bytes.toString();
        }
        try {
            JsonNode tree = JSON.readTree(text);
            for (int change = 0; change <= random.nextInt(3); change++) {
                List<JsonNode> containers = new ArrayList<>();
                collect(tree, containers);
                if (!containers.isEmpty()) {
                    change(containers.get(random.nextInt(containers.size())), random);
                }
            }
            return tree.toString();
        } catch (JacksonException notJson) {
            return text.substring(0, random.nextInt(text.length() + 1));
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer() && !node.isEmpty()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static void change(JsonNode container, Random random) {
        if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, other(object.get(name), random));
            }
        } else if (container instanceof ArrayNode array) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.remove(at);
                case 1 -> array.insert(at, array.get(at).deepCopy());
                default -> array.set(at, other(array.get(at), random));
            }
        }
    }

    private static JsonNode other(JsonNode before, Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(10)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt(5) - 2);
            case 3 -> nodes.numberNode(1e300);
            case 4 -> nodes.stringNode("");
            case 5 -> nodes.stringNode("\ud83d\ude00 \ud800");
            case 6 -> nodes.arrayNode();
            case 7 -> nodes.objectNode();
            case 8 -> nodes.arrayNode().add(before.deepCopy());
            default -> nodes.objectNode().set("type", before.deepCopy());
        };
    }
}
