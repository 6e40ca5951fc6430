package io.omniroute.translators.format.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Thoughts one after another are paragraphs to whoever reads them, and come back as what was signed, each by itself. */
class SeveralThoughtsTests {

    private static final CarrierSeal SEAL = new CarrierSeal() {
        @Override
        public String pack(Opaque opaque) {
            return PREFIX + opaque.family() + "." + opaque.payload();
        }

        @Override
        public @Nullable Opaque unpack(String carrier) {
            String[] parts = carrier.substring(PREFIX.length()).split("\\.", 2);
            return new Opaque(parts[0], Opaque.Kind.SIGNATURE, null, parts[1]);
        }
    };

    private static final AnswerContext CONTEXT =
            new AnswerContext(new ChatRequest.Builder("m").build(), "0", "m", 1, true, 100, SEAL);

    private static final List<StreamEvent> EVENTS = List.of(
            new StreamEvent.Start("0", "m"),
            new StreamEvent.PartStart(0, 0, PartKind.REASONING, null, null),
            new StreamEvent.PartDelta(0, "First "),
            new StreamEvent.PartDelta(0, "this."),
            new StreamEvent.PartSeal(0, signature("a")),
            new StreamEvent.PartEnd(0),
            new StreamEvent.PartStart(0, 1, PartKind.REASONING, null, null),
            new StreamEvent.PartDelta(1, "Then that."),
            new StreamEvent.PartSeal(1, signature("b")),
            new StreamEvent.PartEnd(1),
            new StreamEvent.PartStart(0, 2, PartKind.TEXT, null, null),
            new StreamEvent.PartDelta(2, "Done."),
            new StreamEvent.PartEnd(2),
            new StreamEvent.Finish(0, FinishReason.STOP, "end_turn"),
            new StreamEvent.End());

    private static Opaque signature(String payload) {
        return new Opaque("anthropic-messages", Opaque.Kind.SIGNATURE, null, payload);
    }

    @Test
    void comeBackFromAWholeAnswer() {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        EVENTS.forEach(fold);
        ObjectNode message = (ObjectNode) Json.requestObject(CompletionWriter.write(fold.answer(), CONTEXT))
                .at("/choices/0/message");
        message.remove("refusal");
        assertThat(message.path("reasoning_content").asString("")).isEqualTo("First this.\n\nThen that.");
        comeBack(message);
    }

    @Test
    void comeBackFromAStream() {
        CompletionsStreamEncoder encoder = new CompletionsStreamEncoder(CONTEXT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EVENTS.forEach(event -> encoder.encode(event, out));
        StringBuilder shown = new StringBuilder();
        ObjectNode message = Json.object().put("role", "assistant").put("content", "Done.");
        ArrayNode details = message.putArray("reasoning_details");
        out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> Json.read(line.substring("data: ".length())).at("/choices/0/delta"))
                .forEach(delta -> {
                    shown.append(delta.path("reasoning_content").asString(""));
                    delta.path("reasoning_details").forEach(details::add);
                });
        message.put("reasoning_content", shown.toString());
        assertThat(shown).hasToString("First this.\n\nThen that.");
        comeBack(message);
    }

    private static void comeBack(JsonNode message) {
        List<Part> parts = new ArrayList<>(
                new CompletionsMessageReader(SEAL).read(Fields.of("", message)).parts());
        assertThat(parts)
                .containsExactly(
                        new Part.Thought("First this.", signature("a")),
                        new Part.Thought("Then that.", signature("b")),
                        Part.Text.of("Done."));
    }
}
