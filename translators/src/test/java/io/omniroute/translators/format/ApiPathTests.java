package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every spelling of a path is one path before anything is decided on it. */
class ApiPathTests {

    @ParameterizedTest
    @CsvSource({
        "/v1/models,/v1/models",
        "/api/v1/models,/v1/models",
        "/v1/v1/models,/v1/models",
        "/api/v1/v1/models/,/v1/models",
        "//v1///models,/v1/models",
        "/v1/models;x=1,/v1/models",
        "/V1/models/a%2Fb,/v1/models/a/b",
        "/v1/models/a%3Ab,/v1/models/a:b",
        "/v1,/v1"
    })
    void hasOneSpelling(String raw, String canonical) {
        assertThat(ApiPath.of(raw).map(ApiPath::value)).hasValue(canonical);
        assertThat(ApiPath.of(canonical).map(ApiPath::value)).as("once more").hasValue(canonical);
        assertThat(ApiPath.ofShort(raw).map(ApiPath::value)).hasValue(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "/models/GPT,/v1/models/GPT",
        "/chat/completions,/v1/chat/completions",
        "/responses,/v1/responses",
        "/embeddings,/v1/embeddings",
        "/codex,/v1/responses",
        "/codex/responses,/v1/responses",
        "/Codex/Responses/compact,/v1/Responses/compact",
        "/codex/models,/v1/models",
        "/codex/v1/responses,/v1/responses"
    })
    void mayLeaveTheVersionOut(String raw, String canonical) {
        assertThat(ApiPath.ofShort(raw).map(ApiPath::value)).hasValue(canonical);
        assertThat(ApiPath.of(raw)).as("where nobody has asked for it").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages,anthropic-messages",
        "/v1/messages/nothing,anthropic-messages",
        "/v1/responses/x/y,openai-responses",
        "/v1beta/models/x:nope,gemini",
        "/v1beta/nothing,gemini",
        "/v1/nothing,openai-chat",
        "/v1,openai-chat"
    })
    void hasReadersOfAFormat(String path, String format) {
        assertThat(ApiFormats.nearest(ApiPath.of(path).orElseThrow()).id()).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/api/keys",
                "/actuator/health",
                "/v1/../actuator",
                "/v1/%2e%2e/x",
                "/v1/%zz",
                "/v1/%ff",
                "/v2/models"
            })
    void isNotOfTheApi(String raw) {
        assertThat(ApiPath.of(raw)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/chat/completions,CHAT,,",
        "POST,/v1/providers/groq/embeddings,EMBEDDINGS,groq,",
        "GET,/v1/models,MODELS,,",
        "HEAD,/v1/models/a/b/c,MODELS,,a/b/c"
    })
    void meansAnEndpoint(String method, String path, Operation operation, String provider, String model) {
        Optional<Endpoint> endpoint = ApiFormats.endpoint(
                List.copyOf(ApiFormats.all()), method, ApiPath.of(path).orElseThrow());
        assertThat(endpoint.map(Endpoint::operation)).hasValue(operation);
        assertThat(endpoint.map(Endpoint::provider)).isEqualTo(Optional.ofNullable(provider));
        assertThat(endpoint.map(Endpoint::model)).isEqualTo(Optional.ofNullable(model));
    }
}
