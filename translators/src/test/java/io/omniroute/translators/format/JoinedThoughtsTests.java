package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Some of Google's clients make one thought of two, which is signed by neither: it comes back as words alone, and not as a forgery. */
class JoinedThoughtsTests {

    private static final CarrierSeal SEAL = new CarrierSeal() {
        @Override
        public String pack(Opaque opaque) {
            return PREFIX + String.join(".", opaque.family(), opaque.kind().name(), opaque.id() + "", opaque.payload());
        }

        @Override
        public @Nullable Opaque unpack(String carrier) {
            String[] parts = carrier.substring(PREFIX.length()).split("\\.", 4);
            String id = parts[2].equals("null") ? null : parts[2];
            return new Opaque(parts[0], Opaque.Kind.valueOf(parts[1]), id, parts[3]);
        }
    };

    @ParameterizedTest
    @CsvSource({"think more,true", "then thinkthink more,false"})
    void areNotSigned(String comesBack, boolean signed) {
        ApiFormat gemini = ApiFormats.ofId("gemini").orElseThrow();
        StreamEncoder encoder = gemini.chat()
                .streamEncoder(new AnswerContext(new ChatRequest.Builder("m").build(), "0", "m", 1, true, 100, SEAL));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List.of(
                        new StreamEvent.Start("0", "m"),
                        new StreamEvent.PartStart(0, 0, PartKind.REASONING, null, null),
                        new StreamEvent.PartDelta(0, "think"),
                        new StreamEvent.PartDelta(0, " more"),
                        new StreamEvent.PartSeal(
                                0, new Opaque("anthropic-messages", Opaque.Kind.SIGNATURE, null, "signature")),
                        new StreamEvent.PartEnd(0))
                .forEach(event -> encoder.encode(event, out));
        String carrier = out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("thoughtSignature"))
                .map(line -> Json.read(line.substring("data: ".length())).findValue("thoughtSignature"))
                .map(JsonNode::stringValue)
                .findFirst()
                .orElseThrow();
        var body = Json.object();
        ArrayNode contents = body.putArray("contents");
        contents.addObject()
                .put("role", "model")
                .putArray("parts")
                .addObject()
                .put("text", comesBack)
                .put("thought", true)
                .put("thoughtSignature", carrier);
        ChatRequest request =
                gemini.chat().decode(Json.bytes(body), new Endpoint(gemini, Operation.CHAT, null, "m"), SEAL);
        Part.Thought thought =
                (Part.Thought) request.messages().getFirst().parts().getFirst();
        assertThat(thought.text()).isEqualTo(comesBack);
        assertThat(Objects.requireNonNull(thought.opaque()))
                .isEqualTo(
                        signed
                                ? new Opaque("anthropic-messages", Opaque.Kind.SIGNATURE, null, "signature")
                                : new Opaque("", Opaque.Kind.PLAIN, null, ""));
    }
}
