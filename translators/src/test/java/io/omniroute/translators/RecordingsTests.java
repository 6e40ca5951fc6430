package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ArgumentsEnd;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.json.JsonMapper;

/** What real providers sent keeps its meaning through the hub and through every other format. */
class RecordingsTests {

    /** Streams up to this many bytes are split in two at every one of them. */
    private static final int SHORT = 4_096;
    /** How much is read at random splits of one stream. */
    private static final Path OUTCOMES = Path.of("src/test/resources/recordings-outcomes.tsv");

    private static final int BYTES_TO_SPLIT = 4_000_000;

    private static final RequestHead HEAD = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
    private static final ChatRequest ANY = new ChatRequest.Builder("m").build();

    static Stream<Recording> requests() {
        return Recording.all().stream().filter(r -> r.apiFormat().isPresent() && isConversation(r));
    }

    static Stream<Arguments> answers() {
        return Recording.all().stream()
                .filter(r -> r.apiFormat().isPresent() && r.answer() != null && r.status() == 200 && isAnswer(r))
                .flatMap(r -> ApiFormats.all().stream()
                        .filter(ApiFormat::isForProviders)
                        .map(client -> Arguments.of(r, client.id())));
    }

    static Stream<Recording> streams() {
        return Recording.all().stream().filter(r -> r.apiFormat().isPresent() && r.stream() != null);
    }

    static Stream<Arguments> translatedStreams() {
        return streams()
                .flatMap(r -> ApiFormats.all().stream()
                        .filter(ApiFormat::isForProviders)
                        .map(client -> Arguments.of(r, client.id())));
    }

    static Stream<Arguments> foreign() {
        return Recording.all().stream()
                .filter(r -> r.apiFormat().isEmpty() && (r.answer() != null || r.stream() != null))
                .flatMap(r -> ApiFormats.all().stream()
                        .filter(ApiFormat::isForProviders)
                        // Bedrock's "invoke" hands Anthropic's own answers on
                        .filter(format -> !(r.format().equals("bedrock-invoke")
                                && format.id().equals("anthropic-messages")))
                        .map(format -> Arguments.of(r, format.id())));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsRequestsAndSaysThemInEveryFormat(Recording recording) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        ChatRequest request = decode(format, recording.request(), recording);
        for (ApiFormat target :
                ApiFormats.all().stream().filter(ApiFormat::isForProviders).toList()) {
            byte[] body;
            try {
                body = target.chat().encode(request, TargetProfile.unknown("p", "m"), new Losses(false));
            } catch (ApiException refused) {
                assertThat(refused.error().kind().status()).isEqualTo(400);
                assertThat(target).as("a format says what it was asked itself").isNotSameAs(format);
                continue;
            }
            byte[] again = target.chat().encode(request, TargetProfile.unknown("p", "m"), new Losses(false));
            assertThat(body).as("the same bytes every time").isEqualTo(again);
            ChatRequest back = decode(target, new String(body, StandardCharsets.UTF_8), recording);
            assertThat(texts(back)).as(target.id()).isEqualTo(texts(request));
            assertThat(plain(calls(back))).as(target.id()).isEqualTo(plain(calls(request)));
            // who cannot look for tools sees them all
            boolean searches = target == format;
            assertThat(back.tools())
                    .as(target.id())
                    .hasSameSizeAs(request.tools().stream()
                            .filter(tool -> searches
                                    || !(tool instanceof Tool.Hosted hosted
                                            && hosted.kind().startsWith("tool_search")))
                            .toList());
        }
    }

    /** Without what names in a namespace get where there is none. */
    private static List<String> plain(List<String> calls) {
        return calls.stream()
                .map(call -> call.replaceAll("(\\w+)::(\\w+)", "$1__$2").replaceAll("(\\w+__\\w+)_[a-z0-9]{8} ", "$1 "))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void keepsAWholeAnswer(Recording recording, String clientId) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        ApiFormat client = ApiFormats.ofId(clientId).orElseThrow();
        ChatAnswer answer = whole(format, recording.answer());
        if (answer == null) {
            ApiError error = failure(format, recording.answer());
            String shown = new String(client.errors().renderInStream(error), StandardCharsets.UTF_8);
            assertThat(shown).contains("error").contains(JsonMapper.shared().writeValueAsString(error.message()));
            return;
        }
        byte[] body = client.chat().encodeAnswer(answer, context());
        ChatAnswer back = whole(client, new String(body, StandardCharsets.UTF_8));
        assertSame(answer, back, client, format);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsAStreamHoweverItIsSplit(Recording recording) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        byte[] stream = recording.stream().getBytes(StandardCharsets.UTF_8);
        List<StreamEvent> whole = decode(format, stream, new int[0]);
        assertBalanced(whole);
        if (stream.length <= SHORT) {
            for (int at = 1; at < stream.length; at++) {
                assertThat(decode(format, stream, new int[] {at}))
                        .as("split at %d", at)
                        .isEqualTo(whole);
            }
            return;
        }
        assertThat(decode(format, stream, IntStream.range(1, stream.length).toArray()))
                .as("byte by byte")
                .isEqualTo(whole);
        Random random = new Random(7);
        int rounds = Math.clamp(BYTES_TO_SPLIT / stream.length, 50, 200);
        for (int round = 0; round < rounds; round++) {
            int[] splits = random.ints(1 + random.nextInt(12), 1, stream.length)
                    .sorted()
                    .distinct()
                    .toArray();
            assertThat(decode(format, stream, splits)).isEqualTo(whole);
        }
    }

    /**
     * What is refused or fails is listed, so that nothing joins it unseen. With {@code -Dgolden.update=true} the list is written anew, and
     * the test is not passed.
     */
    @Test
    void refusesAndFailsNoMoreThanIsListed() throws IOException {
        List<String> outcomes = new ArrayList<>();
        for (Recording recording : Recording.all()) {
            ApiFormat format = recording.apiFormat().orElse(null);
            if (format == null) {
                continue;
            }
            if (recording.stream() != null) {
                decode(format, recording.stream().getBytes(StandardCharsets.UTF_8), new int[0]).stream()
                        .flatMap(event ->
                                event instanceof StreamEvent.Failure failure ? Stream.of(failure.error()) : Stream.of())
                        .limit(1)
                        .forEach(error -> outcomes.add(recording.file() + "\tstream\t-\t" + told(error)));
            }
            if (recording.answer() != null && recording.status() == 200 && isAnswer(recording)) {
                ApiError failed = failure(format, recording.answer());
                if (failed != null) {
                    outcomes.add(recording.file() + "\tanswer\t-\t" + told(failed));
                }
            }
            if (isConversation(recording)) {
                ChatRequest request = decode(format, recording.request(), recording);
                for (ApiFormat target : ApiFormats.all()) {
                    if (target.isForProviders()) {
                        try {
                            target.chat().encode(request, TargetProfile.unknown("p", "m"), new Losses(false));
                        } catch (ApiException refused) {
                            outcomes.add(recording.file() + "\trequest\t" + target.id() + "\t" + told(refused.error()));
                        }
                    }
                }
            }
        }
        outcomes.sort(null);
        String written =
                "# What of the recordings is refused by a format, or fails, and why.\n# file\tside\ttarget\treason\n"
                        + String.join("\n", outcomes) + "\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(OUTCOMES, written);
            throw new TestAbortedException("written, not compared");
        }
        assertThat(OUTCOMES).content().isEqualTo(written);
    }

    private static String told(ApiError error) {
        return error.kind().id() + " " + error.code() + ": "
                + error.message().replace('\t', ' ').replace('\n', ' ');
    }

    /** What speaks a format that the gateway does not know is no answer in any that it knows, and nothing is thrown. */
    @ParameterizedTest
    @MethodSource("foreign")
    void readsNoAnswerInAForeignFormat(Recording recording, String formatId) {
        ApiFormat format = ApiFormats.ofId(formatId).orElseThrow();
        String said = recording.answer() == null ? recording.stream() : recording.answer();
        byte[] bytes = String.valueOf(said).getBytes(StandardCharsets.UTF_8);
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        format.codecs().get(Operation.CHAT).readAnswer(bytes, JsonLimits.DEFAULT, fold);
        assertThat(fold.failure()).isNotNull();
        assertThat(fold.failure().message()).isNotBlank();

        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = format.codecs().get(Operation.CHAT).streamDecoder(HEAD, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 22);
        parser.feed(bytes, event -> decoder.decode(event, events::add));
        parser.end(event -> decoder.decode(event, events::add));
        assertThat(decoder.complete()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("translatedStreams")
    void keepsAStream(Recording recording, String clientId) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        List<StreamEvent> events = decode(format, recording.stream().getBytes(StandardCharsets.UTF_8), new int[0]);
        if (events.stream().anyMatch(StreamEvent.Failure.class::isInstance)) {
            return;
        }
        ApiFormat client = ApiFormats.ofId(clientId).orElseThrow();
        StreamEncoder encoder = client.chat().streamEncoder(context());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.stream()
                .filter(event -> !(event instanceof StreamEvent.End))
                .forEach(event -> encoder.encode(event, out));
        encoder.encode(new StreamEvent.End(), out);
        StreamGrammar.check(client.id(), out.toByteArray());
        List<StreamEvent> back = decode(client, out.toByteArray(), new int[0]);
        assertBalanced(back);
        assertSame(fold(events), fold(back), client, format);
        byte[] body = client.chat().encodeAnswer(fold(events), context());
        ChatAnswer whole = whole(client, new String(body, StandardCharsets.UTF_8));
        assertThat(said(fold(back))).as("streamed as whole to %s", clientId).isEqualTo(said(whole));
    }

    /** All that an answer says, however it is cut into pieces. */
    private static List<String> said(@Nullable ChatAnswer answer) {
        List<String> said = new ArrayList<>();
        for (ChatAnswer.Candidate candidate : Objects.requireNonNull(answer).candidates()) {
            said.add(candidate.index() + " " + candidate.reason() + " " + candidate.detail());
            for (PartKind kind : List.of(PartKind.TEXT, PartKind.REFUSAL, PartKind.REASONING)) {
                said.add(kind + " " + text(candidate, kind));
            }
            said.addAll(calls(candidate));
            candidate.pieces().stream()
                    .filter(piece -> piece.kind() == PartKind.TOOL_CALL)
                    .forEach(piece -> said.add("id " + piece.callId()));
            candidate.pieces().stream()
                    .flatMap(piece -> piece.sources().stream())
                    .map(source -> "source " + source.url() + " " + source.title())
                    .sorted()
                    .forEach(said::add);
            said.add("seals "
                    + candidate.pieces().stream()
                            .flatMap(piece -> piece.seals().stream())
                            .map(seal -> seal.payload())
                            .toList());
        }
        said.add("usage " + answer.usage());
        return said;
    }

    private static void assertSame(ChatAnswer before, ChatAnswer after, ApiFormat client, ApiFormat from) {
        assertThat(after).isNotNull();
        boolean one = client.id().equals("anthropic-messages") || client.id().equals("openai-responses");
        List<ChatAnswer.Candidate> candidates =
                one ? before.candidates().stream().limit(1).toList() : before.candidates();
        assertThat(after.candidates()).hasSameSizeAs(candidates);
        for (int i = 0; i < candidates.size(); i++) {
            ChatAnswer.Candidate wanted = candidates.get(i);
            ChatAnswer.Candidate got = after.candidates().get(i);
            boolean declined =
                    wanted.detail() != null || wanted.pieces().stream().anyMatch(p -> p.kind() == PartKind.REFUSAL);
            if (!declined) {
                // several messages are paragraphs of one
                boolean apart = wanted.pieces().stream().anyMatch(ChatAnswer.Piece::apart);
                assertThat(text(got, PartKind.TEXT).replace(apart ? "\n\n" : "\0", ""))
                        .isEqualTo(text(wanted, PartKind.TEXT).replace(apart ? "\n\n" : "\0", ""));
            }
            assertThat(text(got, PartKind.REASONING)).isEqualTo(text(wanted, PartKind.REASONING));
            List<String> calls = calls(wanted);
            // Google's clients would run it
            boolean cut = client.id().equals("gemini") && isCut(wanted);
            assertThat(calls(got)).isEqualTo(cut ? calls.subList(0, calls.size() - 1) : calls);
            assertThat(got.callsTools()).isEqualTo(cut ? calls.size() > 1 : wanted.callsTools());
        }
        if (before.usage() != null && before.usage().input() + before.usage().output() > 0) {
            assertThat(after.usage()).as("usage is told").isNotNull();
            assertThat(after.usage().cacheRead()).isEqualTo(before.usage().cacheRead());
            assertThat(after.usage().input()).isEqualTo(before.usage().input());
            assertThat(after.usage().output()).isEqualTo(before.usage().output());
        }
    }

    static boolean isCut(ChatAnswer.Candidate candidate) {
        ArgumentsEnd last = new ArgumentsEnd();
        candidate.pieces().stream()
                .filter(piece -> piece == candidate.pieces().getLast())
                .forEach(piece -> last.read(piece.text()));
        return candidate.reason() == FinishReason.LENGTH
                && !candidate.pieces().isEmpty()
                && candidate.pieces().getLast().kind() == PartKind.TOOL_CALL
                && !last.isComplete();
    }

    private static String text(ChatAnswer.Candidate candidate, PartKind kind) {
        return candidate.pieces().stream()
                .filter(piece -> piece.kind() == kind)
                .map(ChatAnswer.Piece::text)
                .collect(Collectors.joining());
    }

    private static List<String> calls(ChatAnswer.Candidate candidate) {
        return candidate.pieces().stream()
                .filter(piece -> piece.kind() == PartKind.TOOL_CALL)
                .map(piece -> piece.name() + normal(piece.text()))
                .toList();
    }

    private static String normal(String arguments) {
        if (arguments.isBlank()) {
            return "{}";
        }
        try {
            return JsonMapper.shared().readTree(arguments).toString();
        } catch (tools.jackson.core.JacksonException cut) {
            return JsonMapper.shared().createObjectNode().put("_raw", arguments).toString();
        }
    }

    /** All that is said, without white space and in no order: formats put turns and instructions in places of their own. */
    private static List<String> texts(ChatRequest request) {
        StringBuilder all = new StringBuilder();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.Text text) {
                    all.append(text.text());
                }
            }
        }
        String said = all.toString()
                .replace("Answer with one JSON object and nothing else.", "")
                .replaceAll("</?system>|\\s", "");
        return said.codePoints().sorted().mapToObj(Character::toString).toList();
    }

    private static List<String> calls(ChatRequest request) {
        List<String> calls = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                switch (part) {
                    case Part.ToolCall call -> {
                        names.put(call.id(), call.name() + " " + normal(call.arguments()));
                        calls.add("call " + call.name() + " " + normal(call.arguments()));
                    }
                    case Part.ToolResult result -> {
                        // of which call, whatever its id has become
                        String name = names.getOrDefault(result.callId(), "?");
                        calls.add("result of " + name);
                    }
                    default -> {
                        // compared elsewhere
                    }
                }
            }
        }
        return calls;
    }

    private static boolean isConversation(Recording recording) {
        String body = recording.request();
        return body != null
                && recording.status() == 200
                && (body.contains("\"messages\"") || body.contains("\"input\"") || body.contains("\"contents\""))
                && !body.contains("\"cachedContent\"")
                && !body.contains("\"previous_response_id\":\"")
                && !body.contains("\"background\":true")
                && !recording.url().contains("count_tokens")
                && !recording.url().contains("embed")
                && !recording.url().contains("countTokens")
                && !recording.url().endsWith("/completions") | recording.url().endsWith("/chat/completions");
    }

    private static boolean isAnswer(Recording recording) {
        String answer = recording.answer();
        return answer.contains("\"choices\"") && !answer.contains("\"text_completion\"")
                || answer.contains("\"content\"") && answer.contains("\"stop_reason\"")
                || answer.contains("\"candidates\"")
                || answer.contains("\"output\"") && answer.contains("\"status\"");
    }

    private static ChatRequest decode(ApiFormat format, String body, Recording recording) {
        String model = recording.modelInPath();
        boolean gemini = format.id().equals("gemini");
        Endpoint endpoint =
                new Endpoint(format, Operation.CHAT, null, gemini ? model : null, gemini ? "generateContent" : "");
        return format.chat().decode(body.getBytes(StandardCharsets.UTF_8), endpoint, CarrierSeal.NONE);
    }

    private static ApiError failure(ApiFormat format, String body) {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        OperationCodec codec = format.codecs().get(Operation.CHAT);
        codec.readAnswer(body.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT, fold);
        return fold.failure();
    }

    private static ChatAnswer whole(ApiFormat format, String body) {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        OperationCodec codec = format.codecs().get(Operation.CHAT);
        codec.readAnswer(body.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT, fold);
        return fold.failure() == null ? fold.answer() : null;
    }

    private static ChatAnswer fold(List<StreamEvent> events) {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.forEach(fold);
        assertThat(fold.failure()).isNull();
        return fold.answer();
    }

    private static List<StreamEvent> decode(ApiFormat format, byte[] stream, int[] splits) {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = format.codecs().get(Operation.CHAT).streamDecoder(HEAD, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 22);
        int from = 0;
        for (int split : splits) {
            parser.feed(Arrays.copyOfRange(stream, from, split), event -> decoder.decode(event, events::add));
            from = split;
        }
        parser.feed(Arrays.copyOfRange(stream, from, stream.length), event -> decoder.decode(event, events::add));
        parser.end(event -> decoder.decode(event, events::add));
        decoder.end(events::add);
        boolean failed = events.stream().anyMatch(StreamEvent.Failure.class::isInstance);
        assertThat(decoder.complete() || failed).as("complete, or failed").isTrue();
        return events;
    }

    private static void assertBalanced(List<StreamEvent> events) {
        List<Integer> open = new ArrayList<>();
        int next = 0;
        boolean failed = false;
        for (StreamEvent event : events) {
            failed |= event instanceof StreamEvent.Failure;
            switch (event) {
                case StreamEvent.PartStart start -> {
                    assertThat(start.part()).isEqualTo(next++);
                    open.add(start.part());
                }
                case StreamEvent.PartDelta delta -> assertThat(open).contains(delta.part());
                case StreamEvent.PartSeal seal -> assertThat(open).contains(seal.part());
                case StreamEvent.PartEnd end ->
                    assertThat(open.remove((Integer) end.part())).isTrue();
                default -> {
                    // is no part
                }
            }
        }
        assertThat(failed || open.isEmpty()).as("every part has an end").isTrue();
    }

    private static AnswerContext context() {
        return new AnswerContext(ANY, "0123456789abcdef", "m", 1, true, 10, CarrierSeal.NONE);
    }
}
