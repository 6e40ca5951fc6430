package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How far a failure reaches, by its status and by what the provider says. */
class UpstreamErrorsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "429 | Rate limit reached for requests | RATE_LIMITED | CONNECTION | ",
                "429 | Rate limit reached. Please try again in 20s. | RATE_LIMITED | CONNECTION | PT20S",
                "429 | You exceeded your daily limit of requests | RATE_LIMITED | MODEL | PT12H",
                "429 | Quota exceeded for metric: generate_requests_per_model_per_day, limit: 50. Please retry in 2h5m. | RATE_LIMITED | MODEL | PT2H5M",
                "429 | Quota exceeded for metric: generate_content_free_tier, limit: 5. Please retry in 34.07s. | RATE_LIMITED | MODEL | PT34.07S",
                "429 | You have exhausted your capacity on this model. Your quota will reset after 2h15m. | RATE_LIMITED | MODEL | PT2H15M",
                "400 | Your credit balance is too low to access the Anthropic API. | UPSTREAM_QUOTA | CONNECTION | ",
                "402 | Insufficient credits. Add more. | UPSTREAM_QUOTA | CONNECTION | ",
                "402 | pay | UPSTREAM_QUOTA | CONNECTION | ",
                "401 | Incorrect API key | UPSTREAM_AUTH | CONNECTION | ",
                "403 | Your account has been deactivated | UPSTREAM_AUTH | CONNECTION | ",
                "403 | This organization has been disabled. | UPSTREAM_AUTH | CONNECTION | ",
                "403 | You do not have access to the model gpt-9 | UPSTREAM_AUTH | MODEL | ",
                "403 | not authorized for this route | UPSTREAM_AUTH | MODEL | ",
                "403 | Rate limit exceeded | RATE_LIMITED | CONNECTION | ",
                "403 | Quota exceeded for quota metric 'Requests' | RATE_LIMITED | MODEL | ",
                "529 | Overloaded | OVERLOADED | MODEL | ",
                "503 | The model is overloaded. Please try again later. | OVERLOADED | MODEL | ",
                "503 | Service Unavailable | OVERLOADED | PROVIDER | ",
                "500 | Internal error | UPSTREAM_ERROR | PROVIDER | ",
                "404 | no such model | NOT_FOUND | MODEL | ",
                "400 | the account is disabled in this sentence of the prompt | INVALID_REQUEST | REQUEST | ",
                "400 | API key not valid. Please pass a valid API key. | UPSTREAM_AUTH | CONNECTION | ",
                "400 | the sentence says that an API key not valid is refused | INVALID_REQUEST | REQUEST | ",
                "400 | maximum context length is 8 | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000 | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | This model's maximum prompt length is 131072 but the request contains 140000 tokens. | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | Input is too long for requested model. | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | the request exceeds the available context size. try increasing the context size | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | Invalid request: Your request exceeded model token limit: 262144 | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | invalid params, context window exceeds limit | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | Prompt exceeds max length | CONTEXT_TOO_LONG | REQUEST | ",
                "400 | Range of input length should be [1, 98304] | CONTEXT_TOO_LONG | REQUEST | ",
                "403 | Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO | CONTENT_POLICY | REQUEST | ",
                "403 | This model requires moderation and your input was flagged for violence | CONTENT_POLICY | REQUEST | ",
                "403 | Your account was flagged for potential abuse | UPSTREAM_AUTH | CONNECTION | ",
                "403 | Requests to this API generativelanguage.googleapis.com method GenerativeService.GenerateContent are blocked. | UPSTREAM_AUTH | CONNECTION | ",
                "403 | Your access was terminated due to violation of our usage policies | UPSTREAM_AUTH | CONNECTION | ",
                "403 | Your request was blocked. | UPSTREAM_AUTH | CONNECTION | ",
                "403 | CachedContent not found (or permission denied) | NOT_FOUND | REQUEST | ",
                "403 | You do not have permission to access the File abc or it may not exist. | NOT_FOUND | REQUEST | ",
                "404 | Item with id 'rs_1' not found. Items are not persisted when `store` is set to false. | NOT_FOUND | REQUEST | ",
                "404 | File not found: file_011 | NOT_FOUND | REQUEST | ",
                "404 | model: claude-9 | NOT_FOUND | MODEL | ",
                "404 | No endpoints found that support tool use | INVALID_REQUEST | MODEL | ",
                "400 | Incorrect API key provided: na***ys. | UPSTREAM_AUTH | CONNECTION | ",
                "400 | This organization has been disabled. | UPSTREAM_AUTH | CONNECTION | ",
                "400 | You have reached your specified API usage limits. You will regain access on 2026-01-01 at 18:00 UTC. | UPSTREAM_QUOTA | CONNECTION | PT6H",
                "400 | You have reached your specified workspace API usage limits. You will regain access on 2026-01-01 at 18:00 UTC. | UPSTREAM_QUOTA | CONNECTION | PT6H",
                "400 | Your organization must be verified to stream this model. | INVALID_REQUEST | MODEL | ",
                "429 | Please try again after 1 seconds | RATE_LIMITED | CONNECTION | PT1S",
                "429 | Please try again in 5 min | RATE_LIMITED | CONNECTION | PT5M",
                "400 | User location is not supported for the API use. | UPSTREAM_AUTH | CONNECTION | ",
                "400 | deepseek/deepseek-r1:free is not a valid model ID | NOT_FOUND | MODEL | ",
                "400 | Model Not Exist | NOT_FOUND | MODEL | ",
                "400 | Invalid model name passed in model=x. Call `/v1/models` | NOT_FOUND | MODEL | ",
                "400 | registry.ollama.ai/library/gemma3:latest does not support tools | INVALID_REQUEST | MODEL | ",
                "400 | `tool calling` is not supported with this model | INVALID_REQUEST | MODEL | ",
                "400 | Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` | INVALID_REQUEST | MODEL | ",
                "400 | a prompt that says: chat does not support tools | INVALID_REQUEST | REQUEST | ",
                "402 | This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 8421. | TOO_LARGE | MODEL | ",
                "403 | You are not allowed to generate embeddings from this model | UPSTREAM_AUTH | MODEL | ",
                "403 | Your organization must be verified to use the model `gpt-image-1`. | UPSTREAM_AUTH | MODEL | ",
                "429 | google/gemini-2.0-flash-exp:free is temporarily rate-limited upstream. | RATE_LIMITED | MODEL | ",
                "429 | Please wait for 30 seconds. | RATE_LIMITED | CONNECTION | PT30S",
                "429 | retry after 500 milliseconds | RATE_LIMITED | CONNECTION | PT0.5S",
                "500 | image input is not supported - hint: you may need to provide the mmproj | INVALID_REQUEST | MODEL | ",
                "503 | Model meta-llama/Llama-3-8B is currently loading | OVERLOADED | MODEL | ",
                "429 | Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 30601 | TOO_LARGE | MODEL | "
            })
    void knowsWhatElseWouldFail(int status, String message, ErrorKind kind, ErrorScope scope, @Nullable Duration wait) {
        byte[] body = ("{\"error\":{\"message\":\"" + message + "\"}}").getBytes(StandardCharsets.UTF_8);
        ApiError error = UpstreamErrors.decode(status, header -> null, body, Instant.parse("2026-01-01T12:00:00Z"));
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.scope()).isEqualTo(scope);
        assertThat(error.retryAfter()).isEqualTo(wait);
        assertThat(error.message()).doesNotContain("sandbox");
    }

    /** What a request names is not a model that a provider does not know. */
    @Test
    void knowsWhichFieldIsMeant() {
        assertThat(ofField("input")).isEqualTo(ErrorScope.REQUEST);
        assertThat(ofField("model")).isEqualTo(ErrorScope.MODEL);
        assertThat(ofField("None")).isEqualTo(ErrorScope.MODEL);
    }

    private static ErrorScope ofField(String param) {
        byte[] body =
                ("{\"error\":{\"message\":\"gone\",\"param\":\"" + param + "\"}}").getBytes(StandardCharsets.UTF_8);
        return UpstreamErrors.decode(404, header -> null, body, Instant.EPOCH).scope();
    }

    /** A router tells what it was told itself, and a validating server which field it means. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "400 | {'error':{'message':'Provider returned error','code':400,'metadata':{'raw':'{~error~:{~message~:~prompt is too long: 213462 tokens~}}'}}} | CONTEXT_TOO_LONG | prompt is too long: 213462 tokens",
                "422 | {'detail':[{'loc':['body','temperature'],'msg':'Input should be less than 1.5'}]} | UNPROCESSABLE | temperature: Input should be less than 1.5"
            })
    void readsWhatIsToldInside(int status, String body, ErrorKind kind, String message) {
        byte[] bytes = body.replace('\'', '"').replace("~", "\\\"").getBytes(StandardCharsets.UTF_8);
        ApiError error = UpstreamErrors.decode(status, header -> null, bytes, Instant.EPOCH);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.message()).isEqualTo(message);
    }

    /** Some vendors name the account when they tell what is wrong with a prompt. */
    @Test
    void leavesOutWhoTheGatewayIsAtTheProvider() {
        String said = "Content violates usage guidelines. Team: 5c6b2a1e-0f4d-4d8e-9a63-2f1f8a0c7b11, API key ID: "
                + "9e2d7c4a-1b3f-4c5d-8e6f-7a8b9c0d1e2f, Model: grok-4";
        byte[] body = ("{\"error\":\"" + said + "\"}").getBytes(StandardCharsets.UTF_8);
        ApiError error = UpstreamErrors.decode(403, header -> null, body, Instant.EPOCH);
        assertThat(error.kind()).isEqualTo(ErrorKind.CONTENT_POLICY);
        assertThat(error.message()).contains("usage guidelines", "grok-4").doesNotContain("5c6b2a1e", "9e2d7c4a");
    }

    /** The code stands beside the message, or in an object around both. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'type':'error','code':'rate_limit_exceeded','message':'slow','param':null} | RATE_LIMITED | CONNECTION",
                "{'type':'error','code':'insufficient_quota','message':'no','sequence_number':3} | UPSTREAM_QUOTA | CONNECTION",
                "{'type':'error','code':'context_length_exceeded','message':'long'} | CONTEXT_TOO_LONG | REQUEST",
                "{'type':'error','error':{'type':'overloaded_error','message':'busy'}} | OVERLOADED | PROVIDER",
                "{'type':'error','code':'server_error','message':'no'} | UPSTREAM_ERROR | PROVIDER"
            })
    void knowsErrorsInsideAnswers(String event, ErrorKind kind, ErrorScope scope) {
        ApiError error = UpstreamErrors.inAnswer(JsonMapper.shared().readTree(event.replace('\'', '"')));
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.scope()).isEqualTo(scope);
    }

    /** A router gives on what it was told itself as text: JSON, a list of it, a page, or words. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | x:free is temporarily rate-limited upstream | RATE_LIMITED | MODEL",
                "400 | [{\"error\":{\"code\":400,\"message\":\"Requested maximum tokens exceeds the context window\"}}] | CONTEXT_TOO_LONG | REQUEST",
                "400 | {\"error\":{\"message\":\"x does not support tools\"}} | INVALID_REQUEST | MODEL",
                "400 | <html><body>Bad Request</body></html> | INVALID_REQUEST | REQUEST"
            })
    void hearsWhatARouterWasTold(int status, String raw, ErrorKind kind, ErrorScope scope) {
        ObjectNode error = JsonMapper.shared().createObjectNode();
        error.putObject("error")
                .put("message", "Provider returned error")
                .put("code", status)
                .putObject("metadata")
                .put("raw", raw);
        ApiError told = UpstreamErrors.decode(
                status, header -> null, error.toString().getBytes(StandardCharsets.UTF_8), Instant.now());
        assertThat(told.kind()).isEqualTo(kind);
        assertThat(told.scope()).isEqualTo(scope);
        assertThat(told.message()).doesNotContain("<html").doesNotContain("[{");
    }
}
