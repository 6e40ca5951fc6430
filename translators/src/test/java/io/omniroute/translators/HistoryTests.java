package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a provider has answered is shown to a client of another format, which sends it back as history: the provider finds its calls, its
 * signatures and the way that it has ended. With the recordings of real providers.
 */
class HistoryTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SEPARATOR = "\u0001";

    private static final AtomicInteger CHECKED = new AtomicInteger();

    /** Keeps everything and proves nothing, which is enough here. */
    private static final CarrierSeal SEAL = new CarrierSeal() {
        @Override
        public String pack(Opaque opaque) {
            String id = opaque.id() == null ? "" : opaque.id();
            String all = String.join(
                    SEPARATOR, opaque.family(), opaque.kind().name(), id, opaque.payload(), opaque.provider());
            return PREFIX
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(all.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Opaque unpack(String carrier) {
            byte[] all = Base64.getUrlDecoder().decode(carrier.substring(PREFIX.length()));
            String[] parts = new String(all, StandardCharsets.UTF_8).split(SEPARATOR, -1);
            String id = parts[2].isEmpty() ? null : parts[2];
            return new Opaque(parts[0], Opaque.Kind.valueOf(parts[1]), id, parts[3], parts[4]);
        }
    };

    static Stream<Arguments> shown() {
        return Stream.concat(RecordingsTests.answers(), RecordingsTests.translatedStreams())
                .filter(arguments -> {
                    Recording recording = (Recording) arguments.get()[0];
                    return !recording
                            .apiFormat()
                            .orElseThrow()
                            .id()
                            .equals(arguments.get()[1]);
                });
    }

    @ParameterizedTest
    @MethodSource("shown")
    void comesBackToItsProvider(Recording recording, String clientId) {
        ApiFormat provider = recording.apiFormat().orElseThrow();
        ApiFormat client = ApiFormats.ofId(clientId).orElseThrow();
        List<StreamEvent> events = events(provider, recording);
        if (events.stream().anyMatch(StreamEvent.Failure.class::isInstance)) {
            return;
        }
        ChatRequest asked = new ChatRequest.Builder("m").build();
        Translation translation = new Translation(client, asked, provider, profile(), SEAL, false);
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.forEach(event -> translation.restore(event, fold));
        ChatAnswer answer = fold.answer();
        if (answer.candidates().isEmpty()) {
            return;
        }
        byte[] body = client.chat().encodeAnswer(answer, translation.context("0123456789abcdef", "m", 1, true));
        ChatAnswer.Fold seen = new ChatAnswer.Fold();
        codec(client).readAnswer(body, JsonLimits.DEFAULT, seen);
        ChatAnswer.Candidate said = answer.candidates().getFirst();
        assertThat(seen.answer().candidates().getFirst().reason())
                .as("the ending")
                .isEqualTo(told(said, clientId));

        ChatRequest history = decode(client, next(clientId, JSON.readTree(body)));
        List<String> calls = calls(said);
        // Google's clients are shown no call that was cut, and send none back
        boolean cut = clientId.equals("gemini") && RecordingsTests.isCut(said);
        assertThat(calls(history))
                .as("calls and their ids")
                .isEqualTo(cut ? calls.subList(0, calls.size() - 1) : calls);
        String again =
                new String(provider.chat().encode(history, profile(), new Losses(false)), StandardCharsets.UTF_8);
        assertThat(signatures(said, clientId)).allMatch(again::contains, "comes back to its provider");
    }

    /** Google's own client in a terminal forgets all thoughts, and sends calls back as they were. */
    @ParameterizedTest
    @MethodSource("shown")
    void comesBackWithTheCallThatItLedTo(Recording recording, String clientId) {
        ApiFormat provider = recording.apiFormat().orElseThrow();
        if (!clientId.equals("gemini") || provider.id().equals("openai-chat")) {
            return;
        }
        List<StreamEvent> events = events(provider, recording);
        Translation translation = new Translation(
                ApiFormats.ofId(clientId).orElseThrow(),
                new ChatRequest.Builder("m").build(),
                provider,
                profile(),
                SEAL,
                false);
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.forEach(event -> translation.restore(event, fold));
        List<ChatAnswer.Piece> pieces = fold.answer().candidates().isEmpty()
                ? List.of()
                : fold.answer().candidates().getFirst().pieces();
        boolean thoughtful = pieces.size() > 1
                && pieces.get(0).kind() == PartKind.REASONING
                && pieces.get(0).seals().size() == 1
                && pieces.stream()
                                .filter(piece -> piece.kind() == PartKind.TOOL_CALL)
                                .count()
                        == 1
                && pieces.stream().filter(piece -> !piece.seals().isEmpty()).count() == 1;
        if (!thoughtful) {
            return;
        }
        AnswerContext context = translation.context("0123456789abcdef", "m", 1, true);
        ObjectNode body = (ObjectNode)
                JSON.readTree(ApiFormats.ofId(clientId).orElseThrow().chat().encodeAnswer(fold.answer(), context));
        ArrayNode parts =
                (ArrayNode) body.path("candidates").path(0).path("content").path("parts");
        parts.removeIf(part -> part.path("thought").asBoolean(false));
        ChatRequest history = decode(ApiFormats.ofId(clientId).orElseThrow(), next(clientId, body));
        String again =
                new String(provider.chat().encode(history, profile(), new Losses(false)), StandardCharsets.UTF_8);
        assertThat(again).contains(pieces.get(0).seals().getFirst().payload());
        if (provider.id().equals("anthropic-messages")) {
            assertThat(JSON.readTree(again).findValuesAsString("thinking"))
                    .contains(pieces.get(0).text());
        }
        CHECKED.incrementAndGet();
    }

    /**
     * All that was thought before a call comes back in its order, or, to clients that forget thoughts, nothing of it where a call has no
     * place for all: T and U are thoughts, H one without words, R one that is hidden, X a text, C a call.
     */
    @ParameterizedTest
    @CsvSource({
        "TC,TC,TC",
        "TXC,TXC,TXC",
        "XTC,XTC,XTC",
        "XTXC,XTXC,XXC",
        "HC,HC,HC",
        "HXC,HXC,HXC",
        "RC,RC,RC",
        "XRC,XRC,XRC",
        "TRC,TRC,C",
        "RTC,RTC,C",
        "TUC,TUC,C",
        "TXUC,TXUC,XC",
        "TCC,TCC,TCC",
        "TRXCC,TRXCC,XCC",
        "TCUC,TCUC,TCUC"
    })
    void comesBackInItsOrder(String answered, String toWhoKeeps, String toWhoForgets) {
        for (boolean stream : new boolean[] {false, true}) {
            assertThat(back(answered, stream, true)).as("kept, %s", stream).isEqualTo(toWhoKeeps);
            assertThat(back(answered, stream, false))
                    .as("forgotten, %s", stream)
                    .isEqualTo(toWhoForgets);
        }
    }

    private static String back(String answered, boolean stream, boolean thoughtsAreKept) {
        ApiFormat gemini = ApiFormats.ofId("gemini").orElseThrow();
        ApiFormat anthropic = ApiFormats.ofId("anthropic-messages").orElseThrow();
        Translation translation =
                new Translation(gemini, new ChatRequest.Builder("m").build(), anthropic, profile(), SEAL, false);
        ObjectNode answer = JSON.createObjectNode()
                .put("id", "msg_1")
                .put("role", "assistant")
                .put("model", "m");
        ArrayNode content =
                answer.put("type", "message").put("stop_reason", "tool_use").putArray("content");
        answer.putObject("usage").put("input_tokens", 1).put("output_tokens", 9);
        for (int i = 0; i < answered.length(); i++) {
            ObjectNode block = content.addObject();
            switch (answered.charAt(i)) {
                case 'T', 'U' ->
                    block.put("type", "thinking")
                            .put("thinking", answered.substring(i, i + 1))
                            .put("signature", "sig-" + answered.charAt(i));
                case 'H' -> block.put("type", "thinking").put("thinking", "").put("signature", "sig-H");
                case 'R' -> block.put("type", "redacted_thinking").put("data", "R");
                case 'X' -> block.put("type", "text").put("text", "X");
                default ->
                    block.put("type", "tool_use")
                            .put("id", "toolu_" + i)
                            .put("name", "f" + i)
                            .putObject("input");
            }
        }
        List<StreamEvent> events = new ArrayList<>();
        codec(anthropic)
                .readAnswer(
                        JSON.writeValueAsBytes(answer),
                        JsonLimits.DEFAULT,
                        event -> translation.restore(event, events::add));
        AnswerContext context = translation.context("0123456789abcdef", "m", 1, true);
        ArrayNode parts = JSON.createArrayNode();
        if (stream) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StreamEncoder encoder = gemini.chat().streamEncoder(context);
            events.forEach(event -> encoder.encode(event, out));
            encoder.encode(new StreamEvent.End(), out);
            out.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .forEach(line -> JSON.readTree(line.substring(6))
                            .path("candidates")
                            .path(0)
                            .path("content")
                            .path("parts")
                            .forEach(parts::add));
        } else {
            ChatAnswer.Fold fold = new ChatAnswer.Fold();
            events.forEach(fold);
            JSON.readTree(gemini.chat().encodeAnswer(fold.answer(), context))
                    .path("candidates")
                    .path(0)
                    .path("content")
                    .path("parts")
                    .forEach(parts::add);
        }
        if (!thoughtsAreKept) {
            parts.removeIf(part -> part.path("thought").asBoolean(false));
        }
        ObjectNode body = JSON.createObjectNode();
        body.putArray("candidates")
                .addObject()
                .putObject("content")
                .put("role", "model")
                .set("parts", parts);
        ChatRequest history = decode(gemini, next("gemini", body));
        JsonNode again = JSON.readTree(anthropic.chat().encode(history, profile(), new Losses(false)));
        StringBuilder blocks = new StringBuilder();
        again.path("messages")
                .path(1)
                .path("content")
                .forEach(block -> blocks.append(
                        switch (block.path("type").asString("")) {
                            case "thinking" ->
                                block.path("thinking").asString("").isEmpty()
                                        ? "H"
                                        : block.path("thinking").asString("");
                            case "redacted_thinking" -> "R";
                            case "text" -> "X";
                            default -> "C";
                        }));
        return blocks.toString();
    }

    @AfterAll
    static void somethingCameBack() {
        assertThat(CHECKED.get()).as("answers that think and call").isGreaterThan(1);
    }

    /** How an answer has ended, in what the client's format has words for. */
    private static FinishReason told(ChatAnswer.Candidate said, String client) {
        boolean plain = said.reason() == FinishReason.STOP || said.reason() == FinishReason.OTHER;
        FinishReason reason = plain && said.callsTools() ? FinishReason.TOOL : said.reason();
        return switch (client) {
            case "openai-chat" ->
                switch (reason) {
                    case LENGTH, CONTEXT_FULL -> FinishReason.LENGTH;
                    case TOOL, CONTENT_FILTER -> reason;
                    default -> FinishReason.STOP;
                };
            case "anthropic-messages" ->
                switch (reason) {
                    case CONTENT_FILTER -> FinishReason.REFUSAL;
                    case OTHER, TOOL_ERROR -> FinishReason.STOP;
                    default -> reason;
                };
            case "openai-responses" ->
                switch (reason) {
                    case LENGTH, CONTEXT_FULL -> FinishReason.LENGTH;
                    case CONTENT_FILTER -> reason;
                    default -> said.callsTools() ? FinishReason.TOOL : FinishReason.STOP;
                };
            default ->
                switch (reason) {
                    case LENGTH, CONTEXT_FULL -> FinishReason.LENGTH;
                    case CONTENT_FILTER, REFUSAL -> FinishReason.CONTENT_FILTER;
                    case OTHER, TOOL_ERROR -> reason;
                    // calls are no ending of their own there
                    default -> FinishReason.STOP;
                };
        };
    }

    /**
     * The signatures that must come back. Those of texts do not pass clients of Anthropic's, and of several in a turn Google gets the last,
     * and none beside calls: it does not insist on them.
     */
    private static List<String> signatures(ChatAnswer.Candidate said, String client) {
        List<String> all = new ArrayList<>();
        String ofText = null;
        for (ChatAnswer.Piece piece : said.pieces()) {
            for (Opaque seal : piece.seals()) {
                if (seal.kind() == Opaque.Kind.TEXT_SIGNATURE) {
                    ofText = seal.payload();
                } else if (!seal.payload().startsWith("[")) {
                    all.add(seal.payload());
                }
            }
        }
        if (ofText != null && !said.callsTools() && !client.equals("anthropic-messages")) {
            all.add(ofText);
        }
        return all;
    }

    private static List<String> calls(ChatAnswer.Candidate said) {
        return said.pieces().stream()
                .filter(piece -> piece.kind() == PartKind.TOOL_CALL)
                .map(piece -> piece.callId() + " " + piece.name())
                .toList();
    }

    private static List<String> calls(ChatRequest history) {
        return history.messages().stream()
                .flatMap(message -> message.parts().stream())
                .flatMap(part ->
                        part instanceof Part.ToolCall call ? Stream.of(call.id() + " " + call.name()) : Stream.empty())
                .toList();
    }

    /** The client's next request, with the answer as it was shown and what its tools have said. */
    private static ObjectNode next(String client, JsonNode answer) {
        ObjectNode body = JSON.createObjectNode().put("model", "m");
        switch (client) {
            case "openai-chat" -> {
                ArrayNode messages = asked(body, "messages");
                JsonNode message = answer.path("choices").path(0).path("message");
                messages.add(message);
                message.path("tool_calls")
                        .forEach(call -> messages.addObject()
                                .put("role", "tool")
                                .put("tool_call_id", call.path("id").asString(""))
                                .put("content", "r"));
            }
            case "anthropic-messages" -> {
                ArrayNode messages = asked(body.put("max_tokens", 9), "messages");
                messages.addObject().put("role", "assistant").set("content", answer.path("content"));
                ArrayNode results = JSON.createArrayNode();
                answer.path("content").forEach(block -> {
                    if (block.path("type").asString("").equals("tool_use")) {
                        results.addObject()
                                .put("type", "tool_result")
                                .put("tool_use_id", block.path("id").asString(""))
                                .put("content", "r");
                    }
                });
                if (!results.isEmpty()) {
                    messages.addObject().put("role", "user").set("content", results);
                }
            }
            case "openai-responses" -> {
                ArrayNode input = asked(body, "input");
                answer.path("output").forEach(input::add);
                answer.path("output").forEach(item -> {
                    String type = item.path("type").asString("");
                    if (item.has("call_id") && type.endsWith("_call")) {
                        input.addObject()
                                .put("type", type + "_output")
                                .put("call_id", item.path("call_id").asString(""))
                                .put("output", "r");
                    }
                });
            }
            default -> {
                body.remove("model");
                ArrayNode contents = body.putArray("contents");
                contents.addObject()
                        .put("role", "user")
                        .putArray("parts")
                        .addObject()
                        .put("text", "x");
                JsonNode content = answer.path("candidates").path(0).path("content");
                contents.add(content);
                ArrayNode results = JSON.createArrayNode();
                content.path("parts").forEach(part -> {
                    JsonNode call = part.path("functionCall");
                    if (!call.isMissingNode()) {
                        ObjectNode result = results.addObject().putObject("functionResponse");
                        result.set("id", call.path("id"));
                        result.set("name", call.path("name"));
                        result.putObject("response").put("output", "r");
                    }
                });
                if (!results.isEmpty()) {
                    contents.addObject().put("role", "user").set("parts", results);
                }
            }
        }
        return body;
    }

    private static ArrayNode asked(ObjectNode body, String field) {
        ArrayNode turns = body.putArray(field);
        turns.addObject().put("role", "user").put("content", "x");
        return turns;
    }

    private static ChatRequest decode(ApiFormat format, ObjectNode body) {
        boolean named = format.id().equals("gemini");
        Endpoint endpoint =
                new Endpoint(format, Operation.CHAT, null, named ? "m" : null, named ? "generateContent" : "");
        return format.chat().decode(JSON.writeValueAsBytes(body), endpoint, SEAL);
    }

    private static List<StreamEvent> events(ApiFormat format, Recording recording) {
        List<StreamEvent> events = new ArrayList<>();
        @Nullable String answer = recording.answer();
        if (answer != null) {
            codec(format).readAnswer(answer.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT, events::add);
            return events;
        }
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        StreamDecoder decoder = codec(format).streamDecoder(head, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 22);
        parser.feed(
                Objects.requireNonNull(recording.stream()).getBytes(StandardCharsets.UTF_8),
                event -> decoder.decode(event, events::add));
        parser.end(event -> decoder.decode(event, events::add));
        decoder.end(events::add);
        return events;
    }

    private static OperationCodec codec(ApiFormat format) {
        return Objects.requireNonNull(format.codecs().get(Operation.CHAT));
    }

    /** A provider that takes Google's signatures in messages of the Chat format. */
    private static TargetProfile profile() {
        return TargetProfile.of("p", "m").googleSignatures(true).build();
    }
}
