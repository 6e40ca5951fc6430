package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients that know functions only as they were before there were tools. */
class LegacyFunctionTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String REQUEST = """
            {"model":"m","messages":[{"role":"user","content":"hi"}],
             "functions":[{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}],
             "function_call":{"name":"f"}}""";
    private static final List<StreamEvent> ANSWER = List.of(
            new StreamEvent.Start("x", "m"),
            new StreamEvent.PartStart(0, 0, PartKind.TOOL_CALL, "call_1", "f"),
            new StreamEvent.PartDelta(0, "{\"a\":"),
            new StreamEvent.PartDelta(0, "\"b\"}"),
            new StreamEvent.PartEnd(0),
            new StreamEvent.Finish(0, FinishReason.TOOL, "tool_use"),
            new StreamEvent.End());

    @Test
    void areAskedAsToolsOneAtATime() {
        JsonNode body = JSON.readTree(translation("anthropic-messages").body());
        assertThat(body.path("tools").get(0).path("name").asString()).isEqualTo("f");
        assertThat(body.path("tool_choice").path("name").asString()).isEqualTo("f");
        assertThat(body.path("tool_choice").path("disable_parallel_tool_use").asBoolean())
                .isTrue();
    }

    @Test
    void areAnsweredInTheirOwnShape() {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        ANSWER.forEach(fold);
        JsonNode choice = JSON.readTree(chat().chat().encodeAnswer(fold.answer(), context()))
                .path("choices")
                .get(0);
        assertThat(choice.path("finish_reason").asString()).isEqualTo("function_call");
        assertThat(choice.path("message").path("function_call").toString())
                .isEqualTo("{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"b\\\"}\"}");
        assertThat(choice.path("message").has("tool_calls")).isFalse();
    }

    @Test
    void areStreamedInTheirOwnShape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamEncoder encoder = chat().chat().streamEncoder(context());
        ANSWER.forEach(event -> encoder.encode(event, out));
        String stream = out.toString(StandardCharsets.UTF_8);
        assertThat(stream)
                .contains("\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}")
                .contains("\"function_call\":{\"arguments\":\"\\\"b\\\"}\"}")
                .contains("\"finish_reason\":\"function_call\"")
                .doesNotContain("tool_calls");
        StreamGrammar.check("openai-chat", out.toByteArray());
    }

    private static ApiFormat chat() {
        return ApiFormats.ofId("openai-chat").orElseThrow();
    }

    private static AnswerContext context() {
        return translation("anthropic-messages").context("0123456789abcdef", "m", 1, false);
    }

    private static Translation translation(String target) {
        Endpoint endpoint = new Endpoint(chat(), Operation.CHAT, null, null, "");
        return new Translation(
                chat(),
                chat().chat().decode(REQUEST.getBytes(StandardCharsets.UTF_8), endpoint, CarrierSeal.NONE),
                ApiFormats.ofId(target).orElseThrow(),
                TargetProfile.unknown("p", "m"),
                CarrierSeal.NONE,
                false);
    }
}
