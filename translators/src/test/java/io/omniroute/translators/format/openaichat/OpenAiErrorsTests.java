package io.omniroute.translators.format.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ErrorCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What providers' errors mean, in all the shapes that they come in. */
class OpenAiErrorsTests {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ErrorCodec ERRORS = OpenAiChatFormat.INSTANCE.errors();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | {\"error\":{\"message\":\"This model's maximum context length is 8192 tokens\"}} | CONTEXT_TOO_LONG | REQUEST",
                "400 | {\"error\":{\"message\":\"no\",\"code\":\"content_filter\"}}      | CONTENT_POLICY   | REQUEST",
                "400 | {\"error\":{\"message\":\"no\",\"code\":\"tool_use_failed\"}}     | UPSTREAM_ERROR   | MODEL",
                "400 | {\"error\":\"plain text\"}                                        | INVALID_REQUEST  | REQUEST",
                "400 | {\"object\":\"error\",\"message\":\"as Mistral\",\"code\":3}      | INVALID_REQUEST  | REQUEST",
                "422 | {\"detail\":[{\"msg\":\"as FastAPI\"}]}                           | UNPROCESSABLE    | REQUEST",
                "429 | {\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}   | UPSTREAM_QUOTA   | CONNECTION",
                "429 | not json at all                                                   | RATE_LIMITED     | CONNECTION",
                "401 | {}                                                                | UPSTREAM_AUTH    | CONNECTION",
                "404 | {}                                                                | NOT_FOUND        | MODEL",
                "418 | {}                                                                | UPSTREAM_ERROR   | MODEL",
                "302 | {}                                                                | UPSTREAM_ERROR   | PROVIDER",
                "529 | {}                                                                | OVERLOADED       | PROVIDER"
            })
    void classifies(int status, String body, ErrorKind kind, ErrorScope scope) {
        ApiError error = ERRORS.decode(status, name -> null, body.getBytes(StandardCharsets.UTF_8), NOW);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.scope()).isEqualTo(scope);
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after,7,7000",
        "retry-after,0.5,500",
        "retry-after-ms,250,250",
        "retry-after,'Sat, 21 Nov 2026 12:01:00 GMT',60000",
        "retry-after,1e99,86400000",
        "retry-after,soon,",
        "retry-after,-5,"
    })
    void readsHowLongToWait(String header, String value, Long millis) {
        Map<String, String> headers = Map.of(header, value);
        ApiError error = ERRORS.decode(429, headers::get, new byte[0], NOW);
        assertThat(error.retryAfter()).isEqualTo(millis == null ? null : Duration.ofMillis(millis));
    }

    @Test
    void keepsAFieldAndRemovesWhatBelongsToTheAccount() {
        String body = "{\"error\":{\"message\":\"bad key sk-abc123456789 of org-AbCdEf12 at /srv/app/x.py\\nTrace: y\","
                + "\"param\":\"messages[0]\",\"code\":\"invalid_value\"}}";
        ApiError error = ERRORS.decode(400, name -> null, body.getBytes(StandardCharsets.UTF_8), NOW);
        assertThat(error.message()).isEqualTo("bad key [redacted] of [redacted] at [redacted]");
        assertThat(error.param()).isEqualTo("messages[0]");
        assertThat(error.code()).isEqualTo("invalid_value");
    }

    @Test
    void rendersOpenAisShape() {
        ApiError error = ApiError.invalid("n", "say \"1\"");
        assertThat(new String(ERRORS.render(error), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"error\":{\"message\":\"say \\\"1\\\"\",\"type\":\"invalid_request_error\",\"param\":\"n\","
                                + "\"code\":\"bad_request\"}}");
        assertThat(new String(ERRORS.renderInStream(error), StandardCharsets.UTF_8))
                .startsWith("data: {\"error\":")
                .endsWith("}\n\n");
    }
}
