package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit is said once, under the name that the model takes. */
class OutputLimitNameTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"max_tokens\": 5}|{\"max_completion_tokens\": 5}",
                "{\"a\":[\"max_tokens\"],\"max_tokens\":5,\"b\":1}|{\"a\":[\"max_tokens\"],\"max_completion_tokens\":5,\"b\":1}",
                "{\"max_tokens\":8,\"max_completion_tokens\":null}|{\"max_completion_tokens\":8,\"max_tokens\":null}",
                "{\"max_tokens\":8,\"max_completion_tokens\":9}|{\"max_tokens\":8,\"max_completion_tokens\":9}",
                "{\"max_tokens\":null}|{\"max_tokens\":null}",
                "{\"x\":{\"max_tokens\":1}}|{\"x\":{\"max_tokens\":1}}",
                "{\"max\\u005ftokens\":5,\"x\":{\"max_tokens\":1}}|{\"max\\u005ftokens\":5,\"x\":{\"max_tokens\":1}}",
                "{\"max_tokens\":5|{\"max_tokens\":5"
            })
    void isTheOneThatTheModelTakes(String body, String fitting) {
        byte[] bytes = OutputLimitName.fitting(
                body.getBytes(StandardCharsets.UTF_8), "max_completion_tokens", JsonLimits.DEFAULT);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(fitting);
    }
}
