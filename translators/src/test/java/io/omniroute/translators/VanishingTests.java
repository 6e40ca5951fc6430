package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Loss.Code;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a recorded request says is said in every other format, or named as a loss: nothing vanishes. */
class VanishingTests {

    /** What a request says, each with the losses that may stand for a difference. */
    private enum Point {
        INSTRUCTIONS(Code.FORMAT_INSTRUCTED, Code.SYSTEM_MOVED),
        CONVERSATION(Code.SYSTEM_MOVED, Code.IMAGE_HOISTED, Code.TURN_INSERTED, Code.FIELD_DROPPED),
        CALLS(Code.ARGUMENTS_WRAPPED),
        RESULTS(Code.IMAGE_HOISTED, Code.ERROR_MARKED),
        PICTURES(Code.FIELD_DROPPED),
        DOCUMENTS(Code.FIELD_DROPPED),
        FUNCTIONS(Code.TOOL_STRICTNESS_DROPPED),
        SCHEMAS(Code.SCHEMA_WEAKENED),
        STRICTNESS(Code.TOOL_STRICTNESS_DROPPED),
        HOSTED(Code.WEB_SEARCH_DROPPED, Code.FIELD_DROPPED),
        CHOICE(Code.TOOL_CHOICE_WEAKENED),
        PARALLEL(Code.PARALLEL_DROPPED),
        SAMPLING(Code.SAMPLING_DROPPED, Code.TEMPERATURE_CLAMPED),
        SEED(Code.SEED_DROPPED),
        BIAS(Code.LOGIT_BIAS_DROPPED),
        LIKELIHOODS(Code.LOGPROBS_DROPPED),
        LIMIT(Code.LIMIT_CLAMPED),
        STOP(Code.STOP_DROPPED),
        CANDIDATES(),
        OUTPUT(Code.FORMAT_INSTRUCTED, Code.SCHEMA_WEAKENED),
        THINKING(Code.THINKING_DROPPED, Code.EFFORT_CLAMPED),
        USER(Code.USER_DROPPED),
        METADATA(Code.METADATA_DROPPED),
        TIER(Code.TIER_DROPPED),
        VERBOSITY(Code.VERBOSITY_DROPPED),
        MARKS(Code.CACHE_MARK_DROPPED, Code.CACHE_HINT_DROPPED);

        private final Set<Code> losses;

        Point(Code... losses) {
            this.losses = losses.length == 0 ? EnumSet.noneOf(Code.class) : EnumSet.of(losses[0], losses);
        }
    }

    static Stream<Arguments> pairs() {
        return RecordingsTests.requests()
                .flatMap(recording -> ApiFormats.all().stream()
                        .filter(ApiFormat::isForProviders)
                        .map(target -> Arguments.of(recording, target.id())));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void nothingVanishes(Recording recording, String targetId) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        ApiFormat target = ApiFormats.ofId(targetId).orElseThrow();
        ChatRequest asked = decode(format, recording.request().getBytes(StandardCharsets.UTF_8), recording);
        Losses losses = new Losses(false);
        byte[] written;
        try {
            written = target.chat().encode(asked, TargetProfile.unknown("p", "m"), losses);
        } catch (ApiException refused) {
            assertThat(refused.error().param())
                    .as("what cannot be said is named")
                    .isNotBlank();
            return;
        }
        Map<Point, String> before = points(asked);
        Map<Point, String> after = points(decode(target, written, recording));
        Set<Code> noted = losses.all().stream().map(Loss::code).collect(Collectors.toSet());
        for (Point point : Point.values()) {
            boolean named = noted.stream().anyMatch(point.losses::contains);
            if (!named && !goesWithoutSaying(point, before, after)) {
                assertThat(after.get(point))
                        .as("%s of %s in %s", point, recording, targetId)
                        .isEqualTo(before.get(point));
            }
        }
    }

    /** One format must have a limit; a model that is not known to think is not told not to. */
    private static boolean goesWithoutSaying(Point point, Map<Point, String> before, Map<Point, String> after) {
        return switch (point) {
            case LIMIT -> "none".equals(before.get(point));
            case THINKING -> "off".equals(before.get(point)) && "as usual".equals(after.get(point));
            // as usual, for models that cannot be told
            case SAMPLING -> "[1, null, null, null, null]".equals(before.get(point));
            default -> false;
        };
    }

    /** Without what a name in a namespace gets where there is none. */
    private static String plain(String name) {
        return name.replace("::", "__").replaceAll("(\\w+__\\w+)_[a-z0-9]{8}$", "$1");
    }

    private static Map<Point, String> points(ChatRequest request) {
        Map<Point, String> points = new EnumMap<>(Point.class);
        StringBuilder instructions = new StringBuilder();
        StringBuilder conversation = new StringBuilder();
        List<String> calls = new ArrayList<>();
        List<String> results = new ArrayList<>();
        List<String> pictures = new ArrayList<>();
        List<String> documents = new ArrayList<>();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                switch (part) {
                    case Part.Text text ->
                        (message.role().isInstruction() ? instructions : conversation).append(text.text());
                    case Part.ToolCall call -> calls.add(plain(call.name()) + " " + normal(call.arguments()));
                    case Part.ToolResult result -> {
                        results.add(result.error() + " " + squeezed(texts(result.content())));
                        result.content().forEach(inner -> media(inner, pictures, documents));
                    }
                    default -> media(part, pictures, documents);
                }
            }
        }
        boolean first = request.messages().stream()
                .noneMatch(message -> message.role() == Role.USER || message.role() == Role.TOOL);
        // where nobody else speaks, an instruction becomes the user's
        points.put(Point.INSTRUCTIONS, first ? "" : squeezed(instructions.toString()));
        points.put(Point.CONVERSATION, squeezed((first ? instructions : "") + conversation.toString()));
        points.put(Point.CALLS, calls.toString());
        points.put(Point.RESULTS, results.stream().sorted().toList().toString());
        points.put(Point.PICTURES, pictures.toString());
        points.put(Point.DOCUMENTS, documents.toString());
        tools(request, points);
        settings(request, points);
        points.put(Point.MARKS, Long.toString(marks(request)));
        return points;
    }

    private static void tools(ChatRequest request, Map<Point, String> points) {
        List<String> functions = new ArrayList<>();
        List<String> schemas = new ArrayList<>();
        List<String> strict = new ArrayList<>();
        List<String> hosted = new ArrayList<>();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> {
                    functions.add(function.name() + ": " + function.description());
                    schemas.add(function.name() + ": " + schema(function.schema()));
                    strict.add(function.name() + Boolean.TRUE.equals(function.strict()));
                }
                case Tool.Custom custom -> functions.add(custom.name() + ": " + custom.description());
                case Tool.WebSearch search -> hosted.add("search");
                case Tool.Hosted other -> hosted.add(other.kind());
            }
        }
        points.put(Point.FUNCTIONS, functions.toString());
        points.put(Point.SCHEMAS, schemas.toString());
        points.put(Point.STRICTNESS, strict.toString());
        points.put(Point.HOSTED, hosted.toString());
        points.put(Point.CHOICE, request.tools().isEmpty() ? "" : choice(request));
        points.put(
                Point.PARALLEL,
                Boolean.toString(request.tools().isEmpty() || !Boolean.FALSE.equals(request.parallelTools())));
    }

    private static String choice(ChatRequest request) {
        ToolChoice choice = request.toolChoice();
        return switch (choice) {
            case null -> "auto";
            case ToolChoice.Auto auto -> "auto";
            case ToolChoice.None none -> "none";
            case ToolChoice.Required required -> "required";
            case ToolChoice.Named named -> "named " + named.name();
            case ToolChoice.Hosted hosted -> "hosted";
            case ToolChoice.Among among
            when among.required() && among.names().size() == 1 ->
                "named " + among.names().getFirst();
            // where not all can be said, only these are shown
            case ToolChoice.Among among
            when request.tools().size() == among.names().size() -> among.required() ? "required" : "auto";
            case ToolChoice.Among among -> "among " + among.names() + among.required();
        };
    }

    private static void settings(ChatRequest request, Map<Point, String> points) {
        var sampling = request.sampling();
        points.put(
                Point.SAMPLING,
                Stream.of(
                                number(sampling.temperature()),
                                number(sampling.topP()),
                                String.valueOf(sampling.topK()),
                                number(sampling.presencePenalty()),
                                number(sampling.frequencyPenalty()))
                        .toList()
                        .toString());
        points.put(Point.SEED, number(sampling.seed()));
        points.put(Point.BIAS, String.valueOf(sampling.logitBias()));
        points.put(
                Point.LIKELIHOODS, sampling.logprobs() + " " + Objects.requireNonNullElse(sampling.topLogprobs(), 0L));
        // one format must have a limit
        points.put(
                Point.LIMIT,
                request.maxOutput() == null ? "none" : request.maxOutput().toString());
        points.put(Point.STOP, request.stop().toString());
        points.put(Point.CANDIDATES, Long.toString(request.candidates()));
        points.put(
                Point.OUTPUT,
                switch (request.output()) {
                    case OutputFormat.Text text -> "text";
                    case OutputFormat.JsonObject any -> "json";
                    case OutputFormat.JsonSchema schema -> schema(schema.schema());
                });
        Reasoning reasoning = request.reasoning();
        boolean off = reasoning.mode() == Reasoning.Mode.OFF || "none".equals(reasoning.effort());
        boolean asked = reasoning.effort() != null || reasoning.mode() != Reasoning.Mode.UNSET;
        points.put(Point.THINKING, off ? "off" : asked ? "on" : "as usual");
        points.put(Point.USER, String.valueOf(request.user()));
        points.put(Point.METADATA, String.valueOf(request.metadata()));
        points.put(Point.TIER, request.tier() == null || request.tier().equals("auto") ? "auto" : request.tier());
        points.put(
                Point.VERBOSITY,
                request.verbosity() == null || request.verbosity().equals("medium") ? "medium" : request.verbosity());
    }

    private static String number(@Nullable JsonNode node) {
        return node == null || node.isNull()
                ? "null"
                : node.decimalValue().stripTrailingZeros().toPlainString();
    }

    private static long marks(ChatRequest request) {
        List<@Nullable CacheMark> marks = new ArrayList<>();
        marks.add(request.cache());
        request.tools().forEach(tool -> marks.add(tool instanceof Tool.Function function ? function.cache() : null));
        request.messages()
                .forEach(message -> message.parts().forEach(part -> {
                    switch (part) {
                        case Part.Text text -> marks.add(text.cache());
                        case Part.Image image -> marks.add(image.cache());
                        case Part.Document document -> marks.add(document.cache());
                        case Part.ToolCall call -> marks.add(call.cache());
                        case Part.ToolResult result -> marks.add(result.cache());
                        default -> {
                            // has none
                        }
                    }
                }));
        return marks.stream().filter(Objects::nonNull).count();
    }

    private static void media(Part part, List<String> pictures, List<String> documents) {
        switch (part) {
            case Part.Image image -> pictures.add(media(image.media()));
            case Part.Document document -> documents.add(media(document.media()));
            case Part.Audio audio -> documents.add(media(audio.media()));
            case Part.Video video -> documents.add(media(video.media()));
            default -> {
                // is no medium
            }
        }
    }

    private static String media(Media media) {
        return switch (media) {
            case Media.Inline inline -> Integer.toHexString(inline.base64().hashCode());
            case Media.Remote remote -> remote.url();
            case Media.Stored stored -> stored.id();
        };
    }

    private static String texts(List<Part> parts) {
        return parts.stream()
                .filter(Part.Text.class::isInstance)
                .map(part -> ((Part.Text) part).text())
                .collect(Collectors.joining());
    }

    private static String squeezed(String text) {
        return text.replaceAll("</?system>|\\s", "");
    }

    private static String normal(String arguments) {
        try {
            return arguments.isBlank() ? "{}" : Json.read(arguments).toString();
        } catch (tools.jackson.core.JacksonException cut) {
            return arguments;
        }
    }

    /** A schema without what says nothing: names of types in capitals, an order, empty lists. */
    private static String schema(@Nullable JsonNode schema) {
        return schema == null ? "{}" : same(schema, true).toString();
    }

    private static JsonNode same(JsonNode node, boolean root) {
        if (node instanceof ArrayNode list) {
            ArrayNode same = Json.array();
            list.forEach(value -> same.add(same(value, false)));
            return same;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode same = Json.object();
        object.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(field -> {
            JsonNode value = field.getValue();
            boolean says = switch (field.getKey()) {
                case "$schema", "title" -> !value.isString();
                case "properties", "items", "required", "description" -> !value.isEmpty() || value.isString();
                case "additionalProperties" -> value.isObject();
                case "type" -> !root || !value.asString("").equalsIgnoreCase("object");
                default -> true;
            };
            if (says) {
                same.set(
                        field.getKey(),
                        field.getKey().equals("type") && value.isString()
                                ? Json.string(value.stringValue().toLowerCase(Locale.ROOT))
                                : same(value, false));
            }
        });
        return same;
    }

    private static ChatRequest decode(ApiFormat format, byte[] body, Recording recording) {
        boolean gemini = format.id().equals("gemini");
        Endpoint endpoint = new Endpoint(
                format, Operation.CHAT, null, gemini ? recording.modelInPath() : null, gemini ? "generateContent" : "");
        return format.chat().decode(body, endpoint, CarrierSeal.NONE);
    }
}
