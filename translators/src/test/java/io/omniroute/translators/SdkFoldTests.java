package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.Part;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseStreamEvent;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the vendors' own SDKs make of a translated stream is what they read in the same answer as a whole. */
class SdkFoldTests {

    private static final RequestHead HEAD = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
    private static final ChatRequest ANY = new ChatRequest.Builder("m").build();
    private static final JsonMapper JSON = JsonMapper.shared();

    static Stream<Arguments> streams() {
        return Recording.all().stream()
                .filter(r -> r.apiFormat().isPresent() && r.stream() != null)
                .filter(r -> events(r).stream().noneMatch(StreamEvent.Failure.class::isInstance))
                .flatMap(r -> ApiFormats.all().stream()
                        .filter(ApiFormat::isForProviders)
                        .map(client -> Arguments.of(r, client.id())));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void foldsAStreamToTheWholeAnswer(Recording recording, String clientId) throws JsonProcessingException {
        List<StreamEvent> events = events(recording);
        ApiFormat client = ApiFormats.ofId(clientId).orElseThrow();
        StreamEncoder encoder = client.chat().streamEncoder(context());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.stream().filter(event -> !(event instanceof StreamEvent.End)).forEach(event -> {
            encoder.encode(event, out);
            fold.accept(event);
        });
        encoder.encode(new StreamEvent.End(), out);
        String whole = new String(client.chat().encodeAnswer(fold.answer(), context()), StandardCharsets.UTF_8);
        List<String> pieces = data(out.toByteArray());
        switch (clientId) {
            case "openai-chat" -> chat(pieces, whole);
            case "openai-responses" -> responses(pieces, whole);
            case "anthropic-messages" -> messages(pieces, whole);
            default -> gemini(pieces, whole);
        }
    }

    private static void chat(List<String> pieces, String whole) throws JsonProcessingException {
        ChatCompletionAccumulator folded = ChatCompletionAccumulator.create();
        for (String piece : pieces) {
            ChatCompletionChunk chunk =
                    com.openai.core.ObjectMappers.jsonMapper().readValue(piece, ChatCompletionChunk.class);
            folded.accumulate(chunk.validate());
        }
        ChatCompletion once = com.openai.core.ObjectMappers.jsonMapper()
                .readValue(whole, ChatCompletion.class)
                .validate();
        ChatCompletion streamed = folded.chatCompletion();
        assertThat(streamed.choices()).hasSameSizeAs(once.choices());
        for (int i = 0; i < once.choices().size(); i++) {
            ChatCompletion.Choice wanted = once.choices().get(i);
            ChatCompletion.Choice got = streamed.choices().get(i);
            assertThat(got.index()).isEqualTo(wanted.index());
            assertThat(got.finishReason()).isEqualTo(wanted.finishReason());
            assertThat(got.message().content().orElse(""))
                    .isEqualTo(wanted.message().content().orElse(""));
            assertThat(got.message().refusal().orElse(""))
                    .isEqualTo(wanted.message().refusal().orElse(""));
            assertThat(calls(got)).isEqualTo(calls(wanted));
        }
        assertThat(streamed.usage()).isEqualTo(once.usage());
        assertThat(streamed.id()).isEqualTo(once.id());
        assertThat(streamed.model()).isEqualTo(once.model());
    }

    private static List<String> calls(ChatCompletion.Choice choice) {
        return choice.message().toolCalls().orElse(List.of()).stream()
                .map(call -> call.isFunction()
                        ? call.asFunction().id() + " "
                                + call.asFunction().function().name() + " "
                                + call.asFunction().function().arguments()
                        : call.toString())
                .toList();
    }

    private static void responses(List<String> pieces, String whole) throws JsonProcessingException {
        ResponseAccumulator folded = ResponseAccumulator.createWithSnapshots();
        for (String piece : pieces) {
            folded.accumulate(com.openai.core.ObjectMappers.jsonMapper()
                    .readValue(piece, ResponseStreamEvent.class)
                    .validate());
        }
        JsonNode once = JSON.readTree(com.openai.core.ObjectMappers.jsonMapper()
                .writeValueAsString(com.openai.core.ObjectMappers.jsonMapper()
                        .readValue(whole, Response.class)
                        .validate()));
        for (Response streamed : List.of(folded.response(), folded.reconstructedResponse())) {
            JsonNode got =
                    JSON.readTree(com.openai.core.ObjectMappers.jsonMapper().writeValueAsString(streamed));
            assertThat(got.path("status")).isEqualTo(once.path("status"));
            assertThat(got.path("usage")).isEqualTo(once.path("usage"));
            assertThat(got.path("incomplete_details")).isEqualTo(once.path("incomplete_details"));
            assertThat(got.path("output")).isEqualTo(once.path("output"));
        }
    }

    private static void messages(List<String> pieces, String whole) throws JsonProcessingException {
        MessageAccumulator folded = MessageAccumulator.create();
        for (String piece : pieces) {
            folded.accumulate(com.anthropic.core.ObjectMappers.jsonMapper()
                    .readValue(piece, RawMessageStreamEvent.class)
                    .validate());
        }
        Message once = com.anthropic.core.ObjectMappers.jsonMapper()
                .readValue(whole, Message.class)
                .validate();
        JsonNode got =
                JSON.readTree(com.anthropic.core.ObjectMappers.jsonMapper().writeValueAsString(folded.message()));
        JsonNode wanted =
                JSON.readTree(com.anthropic.core.ObjectMappers.jsonMapper().writeValueAsString(once));
        for (String field : List.of("id", "model", "role", "stop_reason", "stop_sequence")) {
            assertThat(got.path(field)).as(field).isEqualTo(wanted.path(field));
        }
        for (String field :
                List.of("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")) {
            assertThat(got.path("usage").path(field))
                    .as(field)
                    .isEqualTo(wanted.path("usage").path(field));
        }
        assertThat(said(got)).isEqualTo(said(wanted));
    }

    /** Texts that follow one another are one text: only a whole answer knows all ranges of sources before it cuts. */
    private static List<String> said(JsonNode message) {
        List<String> said = new ArrayList<>();
        TreeSet<String> sources = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asString("").equals("text")) {
                text.append(block.path("text").asString(""));
                block.path("citations")
                        .forEach(citation -> sources.add(citation.path("url").asString("")));
                continue;
            }
            if (!text.isEmpty()) {
                said.add("text " + text);
                text.setLength(0);
            }
            // what is no JSON can only be wrapped once it is whole; such streams end with what the model wrote
            JsonNode input = block.path("input").has("_raw") ? JSON.createObjectNode() : block.path("input");
            said.add(block.path("type").asString("") + " " + block.path("id") + block.path("name") + input
                    + block.path("thinking") + block.path("signature") + block.path("data"));
        }
        if (!text.isEmpty()) {
            said.add("text " + text);
        }
        said.add("sources " + sources);
        return said;
    }

    private static void gemini(List<String> pieces, String whole) {
        List<GenerateContentResponse> streamed =
                pieces.stream().map(GenerateContentResponse::fromJson).toList();
        GenerateContentResponse once = GenerateContentResponse.fromJson(whole);
        assertThat(saidByGoogle(streamed)).isEqualTo(saidByGoogle(List.of(once)));
        assertThat(streamed.getLast().usageMetadata()).isEqualTo(once.usageMetadata());
        assertThat(streamed.getLast().responseId()).isEqualTo(once.responseId());
        assertThat(streamed.getLast().modelVersion()).isEqualTo(once.modelVersion());
    }

    /** The texts, thoughts and calls of the first candidate, and how it has ended. */
    private static List<String> saidByGoogle(List<GenerateContentResponse> responses) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> calls = new ArrayList<>();
        String ended = "";
        for (GenerateContentResponse response : responses) {
            Optional<Candidate> first =
                    response.candidates().flatMap(all -> all.stream().findFirst());
            List<Part> parts =
                    first.flatMap(Candidate::content).flatMap(Content::parts).orElse(List.of());
            for (Part part : parts) {
                (part.thought().orElse(false) ? thoughts : text)
                        .append(part.text().orElse(""));
                part.functionCall()
                        .ifPresent(call -> calls.add(call.id().orElse("") + " "
                                + call.name().orElse("") + " " + call.args().orElse(null)));
            }
            ended = first.flatMap(Candidate::finishReason).map(Object::toString).orElse(ended);
        }
        List<String> said = new ArrayList<>(List.of("text " + text, "thoughts " + thoughts, "ended " + ended));
        said.addAll(calls);
        return said;
    }

    private static List<StreamEvent> events(Recording recording) {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = Objects.requireNonNull(
                        recording.apiFormat().orElseThrow().codecs().get(Operation.CHAT))
                .streamDecoder(HEAD, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(1 << 22);
        parser.feed(
                Objects.requireNonNull(recording.stream()).getBytes(StandardCharsets.UTF_8),
                event -> decoder.decode(event, events::add));
        parser.end(event -> decoder.decode(event, events::add));
        decoder.end(events::add);
        return events;
    }

    /** The data of all events but the last word of a stream of the Chat format. */
    private static List<String> data(byte[] stream) {
        List<String> data = new ArrayList<>();
        SseParser parser = new SseParser(1 << 22);
        Consumer<SseEvent> add = event -> data.add(new String(
                event.data(), event.dataStart(), event.dataEnd() - event.dataStart(), StandardCharsets.UTF_8));
        parser.feed(stream, add);
        parser.end(add);
        data.remove("[DONE]");
        return data;
    }

    private static AnswerContext context() {
        return new AnswerContext(ANY, "0123456789abcdef", "m", 1, true, 10, CarrierSeal.NONE);
    }
}
