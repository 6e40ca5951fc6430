package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.Loss;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nobody is told how much to think who refuses to be. */
class UnaskedThinkingTests {

    private static final Set<String> FIELDS =
            ApiFormats.ofId("openai-chat").orElseThrow().chat().thinkingFields();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\" , \"reasoning_effort\" : \"high\" ,\"n\":1}|{\"model\":\"m\" ,\"n\":1}|reasoning_effort",
                "{ \"reasoning_effort\":\"low\", \"model\":\"m\"}|{ \"model\":\"m\"}|reasoning_effort",
                "{\"model\":\"m\",\"thinking_budget\":100}|{\"model\":\"m\"}|thinking_budget",
                "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":9},\"enable_thinking\":true}|{}|`thinking\nenable_thinking`",
                "{\"reasoning\":{\"effort\":\"high\",\"exclude\":false},\"n\":1.0}|{\"n\":1.0}|reasoning",
                "{\"reasoning_effort\":\"none\",\"n\":1}|{\"n\":1}|``",
                "{\"n\":1,\"thinking\":{\"type\":\"disabled\"},\"reasoning\":{\"enabled\":false}}|{\"n\":1}|``",
                "{\"n\":1,\"enable_thinking\":false,\"thinking_budget\":0}|{\"n\":1}|``",
                "{\"reasoning_effort\":null,\"n\":1}|{\"reasoning_effort\":null,\"n\":1}|``",
                "{\"x\":{\"thinking\":1},\"y\":[\"reasoning\"]}|{\"x\":{\"thinking\":1},\"y\":[\"reasoning\"]}|``",
                "{\"include\":[\"reasoning.encrypted_content\"],\"n\":1}|{\"include\":[],\"n\":1}|``",
                "{\"include\":[\"a\", \"reasoning.encrypted_content\" ,\"b\"],\"reasoning\":{\"effort\":\"low\"}}|{\"include\":[\"a\" ,\"b\"]}|reasoning",
                "{\"include\":\"reasoning.encrypted_content\"}|{\"include\":\"reasoning.encrypted_content\"}|``",
                "{\"reasoning_effort\":\"high\"|{\"reasoning_effort\":\"high\"|``"
            })
    void leavesOutWhatAsksForThoughts(String body, String fitting, String lost) {
        Losses losses = new Losses(false);
        byte[] bytes = UnaskedThinking.of(body.getBytes(StandardCharsets.UTF_8), FIELDS, JsonLimits.DEFAULT, losses);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(fitting);
        assertThat(losses.all())
                .allMatch(loss -> loss.code() == Loss.Code.THINKING_DROPPED)
                .extracting(Loss::path)
                .isEqualTo(lost.lines().toList());
    }

    @Test
    void refusesToLoseItWhereTheClientIsStrict() {
        byte[] body = "{\"reasoning_effort\":\"high\"}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> UnaskedThinking.of(body, FIELDS, JsonLimits.DEFAULT, new Losses(true)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("reasoning_effort");
    }
}
