package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ThinkingRange;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The hard points of translation, a folder each: {@code request.<format>.json} is what a client sends,
 * {@code answer.<format>.json} and {@code stream.<format>.sse} what a provider answers, {@code facts.properties} what is known of
 * the provider. Beside each, in {@code expected}, stands what every other format makes of it, with what is lost.
 *
 * <p>{@code -Dgolden.update=true} writes the expected files anew; what has changed is then to be read.
 */
class GoldenTests {

    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    /** Carriers that can be read. */
    private static final CarrierSeal SEAL = new CarrierSeal() {
        @Override
        public String pack(Opaque opaque) {
            String maker = opaque.provider().isEmpty() ? "" : "@" + opaque.provider();
            return PREFIX
                    + String.join(".", opaque.family() + maker, opaque.kind().name(), opaque.payload());
        }

        @Override
        public @Nullable Opaque unpack(String carrier) {
            String[] parts = carrier.substring(PREFIX.length()).split("\\.", 3);
            String[] maker = parts[0].split("@", 2);
            return new Opaque(
                    maker[0], Opaque.Kind.valueOf(parts[1]), null, parts[2], maker.length > 1 ? maker[1] : "");
        }
    };

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final RequestHead HEAD = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());

    static Stream<Arguments> inputs() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.getParent().endsWith("expected"))
                    .filter(file -> !file.endsWith("facts.properties"))
                    .filter(file -> !file.getParent().equals(FOLDER))
                    .sorted()
                    .flatMap(file -> others(file)
                            .map(other -> Arguments.of(FOLDER.relativize(file).toString(), other.id())))
                    .toList()
                    .stream();
        }
    }

    /** Every format that providers speak has its say to every point, or {@code missing.tsv} says why not. */
    @Test
    void coversEveryPointFromEveryFormat() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(FOLDER.resolve("missing.tsv"))) {
            if (!line.startsWith("#")) {
                String[] fields = line.split("\t", -1);
                assertThat(fields).as(line).hasSize(3).doesNotContain("");
                documented.add(fields[0] + " " + fields[1]);
            }
        }
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> cases = Files.list(FOLDER)) {
            for (Path point : cases.filter(Files::isDirectory).toList()) {
                for (ApiFormat format : ApiFormats.all()) {
                    if (format.isForProviders() && !hasInput(point, format)) {
                        missing.add(name(point) + " " + format.id());
                    }
                }
            }
        }
        assertThat(missing).isEqualTo(documented);
    }

    private static boolean hasInput(Path point, ApiFormat format) throws IOException {
        try (Stream<Path> files = Files.list(point)) {
            return files.anyMatch(
                    file -> name(file).matches("(request|answer|stream)\\." + format.id() + "\\.(json|sse)"));
        }
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("inputs")
    void saysTheSameInAnotherFormat(String input, String otherId) throws IOException {
        Path file = FOLDER.resolve(input);
        ApiFormat own = formatOf(file);
        ApiFormat other = ApiFormats.ofId(otherId).orElseThrow();
        TargetProfile facts = facts(file.getParent(), name(file).startsWith("request.") ? other : own);
        String text = Files.readString(file);
        String name = name(file);
        String result;
        if (name.startsWith("request.")) {
            result = request(own, other, facts, text);
        } else if (name.startsWith("answer.")) {
            result = answer(own, other, facts, text);
        } else {
            result = stream(own, other, facts, text);
        }
        String extension = name.startsWith("stream.") ? ".sse" : ".json";
        Path expected = file.resolveSibling("expected")
                .resolve(name.substring(0, name.lastIndexOf('.')) + "-as-" + otherId + extension);
        if (UPDATE) {
            Files.createDirectories(expected.getParent());
            Files.writeString(expected, result);
            // whoever writes them anew has to look at what has changed before they count
            throw new TestAbortedException("written, not compared");
        }
        if (extension.equals(".sse") && !result.contains("\"error\":{") && !otherId.equals("openai-completions")) {
            StreamGrammar.check(otherId, result.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(expected).content().isEqualTo(result);
    }

    private static String request(ApiFormat client, ApiFormat target, TargetProfile facts, String text) {
        ObjectNode shown = JSON.createObjectNode();
        try {
            Translation translation = new Translation(client, read(client, text), target, facts, SEAL, false);
            translation
                    .losses()
                    .forEach(loss -> shown.withArray("losses").add(loss.code().id() + " " + loss.path()));
            shown.set("body", JSON.readTree(translation.body()));
        } catch (ApiException refused) {
            shown.put("refused", refused.error().message());
        }
        return pretty(shown);
    }

    private static String answer(ApiFormat target, ApiFormat client, TargetProfile facts, String text) {
        Translation translation = translation(client, target, facts);
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        target.codecs()
                .get(Operation.CHAT)
                .readAnswer(
                        text.getBytes(StandardCharsets.UTF_8),
                        JsonLimits.DEFAULT,
                        event -> translation.restore(event, fold));
        return fold.failure() == null
                ? pretty(JSON.readTree(client.chat().encodeAnswer(fold.answer(), context(translation))))
                : pretty(failed(fold.failure()));
    }

    private static String stream(ApiFormat target, ApiFormat client, TargetProfile facts, String text) {
        Translation translation = translation(client, target, facts);
        StreamEncoder encoder = client.chat().streamEncoder(context(translation));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamDecoder decoder = target.codecs().get(Operation.CHAT).streamDecoder(HEAD, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 20);
        List<ApiError> failures = new ArrayList<>();
        boolean[] ended = new boolean[1];
        Consumer<StreamEvent> sink = event -> {
            if (event instanceof StreamEvent.Failure failure) {
                failures.add(failure.error());
            } else if (failures.isEmpty()) {
                ended[0] |= event instanceof StreamEvent.End;
                translation.restore(event, restored -> encoder.encode(restored, out));
            }
        };
        parser.feed(text.getBytes(StandardCharsets.UTF_8), event -> decoder.decode(event, sink));
        parser.end(event -> decoder.decode(event, sink));
        if (!failures.isEmpty()) {
            encoder.fail(failures.getFirst(), out);
        } else if (!ended[0]) {
            decoder.end(sink);
            if (decoder.complete()) {
                sink.accept(new StreamEvent.End());
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ObjectNode failed(ApiError error) {
        return JSON.createObjectNode()
                .put("failed", error.kind().name())
                .put("code", error.code())
                .put("message", error.message());
    }

    /** A client of that format has asked for the tools that the answers call. */
    private static Translation translation(ApiFormat client, ApiFormat target, TargetProfile facts) {
        ChatRequest request = new ChatRequest.Builder("m").build();
        return new Translation(client, request, target, facts, SEAL, false);
    }

    private static AnswerContext context(Translation translation) {
        return translation.context("0123456789abcdef", "m", 1, true);
    }

    private static ChatRequest read(ApiFormat format, String text) {
        boolean gemini = format.id().equals("gemini");
        Endpoint endpoint =
                new Endpoint(format, Operation.CHAT, null, gemini ? "m" : null, gemini ? "generateContent" : "");
        return format.chat().decode(text.getBytes(StandardCharsets.UTF_8), endpoint, SEAL);
    }

    private static Stream<ApiFormat> others(Path file) {
        ApiFormat own = formatOf(file);
        return ApiFormats.all().stream()
                // legacy completions are for clients, so only what providers answer becomes one
                .filter(format -> format.isForProviders() || !name(file).startsWith("request."))
                .filter(format -> !format.id().equals(own.id()));
    }

    private static ApiFormat formatOf(Path file) {
        String[] parts = file.getFileName().toString().split("\\.");
        return ApiFormats.ofId(parts[1]).orElseThrow();
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static TargetProfile facts(Path folder, ApiFormat target) {
        Properties facts = new Properties();
        try {
            Path file = folder.resolve("facts.properties");
            facts.load(new StringReader(Files.exists(file) ? Files.readString(file) : ""));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        TargetProfile usual = TargetProfile.unknown("p", "m");
        return TargetProfile.of("p", "m")
                .reasoningField(facts.getProperty("reasoning-field", usual.reasoningField()))
                .reasoningEcho(TargetProfile.Echo.valueOf(
                        facts.getProperty("reasoning-echo", "allowed").toUpperCase(Locale.ROOT)))
                .googleSignatures(Boolean.parseBoolean(facts.getProperty("google-signatures", "false")))
                .promptCacheKey(Boolean.parseBoolean(facts.getProperty("prompt-cache-key", "false")))
                .ids(facts.getProperty("ids", "common").equals("nine") ? IdRule.NINE : IdRule.COMMON)
                .userAfterTool(Boolean.parseBoolean(facts.getProperty("user-after-tool", "true")))
                .midSystem(Boolean.parseBoolean(facts.getProperty("mid-system", "false")))
                .thinking(thinking(facts, target, usual))
                .range(range(facts))
                .unsupported(names(facts, "unsupported"))
                .takes(names(facts, "takes"))
                .thinkingSwitch(facts.getProperty("thinking-switch", ""))
                .thinksWhenForced(Boolean.parseBoolean(facts.getProperty("thinks-when-forced", "true")))
                .structuredOutput(Boolean.parseBoolean(facts.getProperty("structured-output", "true")))
                .jsonSchema(Boolean.parseBoolean(facts.getProperty("json-schema", "false")))
                .schemaWithTools(Boolean.parseBoolean(facts.getProperty("schema-with-tools", "true")))
                .build();
    }

    private static TargetProfile.Thinking thinking(Properties facts, ApiFormat target, TargetProfile usual) {
        if (target.id().startsWith("openai")) {
            return TargetProfile.Thinking.EFFORT;
        }
        return switch (facts.getProperty("thinking", "")) {
            case "level" -> target.id().equals("gemini") ? TargetProfile.Thinking.LEVEL : usual.thinking();
            case "adaptive" ->
                target.id().equals("anthropic-messages") ? TargetProfile.Thinking.ADAPTIVE : usual.thinking();
            default -> usual.thinking();
        };
    }

    private static Set<String> names(Properties facts, String fact) {
        String names = facts.getProperty(fact, "");
        return names.isEmpty() ? Set.of() : Set.of(names.split(","));
    }

    private static ThinkingRange range(Properties facts) {
        return new ThinkingRange(
                names(facts, "efforts"),
                Long.parseLong(facts.getProperty("least-thinking", "0")),
                Long.parseLong(facts.getProperty("most-thinking", Long.toString(Long.MAX_VALUE))),
                Boolean.parseBoolean(facts.getProperty("thinking-off", "true")));
    }

    private static String pretty(JsonNode node) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    }
}
