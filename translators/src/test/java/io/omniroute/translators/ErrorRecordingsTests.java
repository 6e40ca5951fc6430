package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What real providers refused keeps its status, its scope and its words in every client's format. */
class ErrorRecordingsTests {

    static Stream<Recording> errors() {
        return Recording.all().stream()
                .filter(r ->
                        r.apiFormat().isPresent() && r.status() >= 400 && r.answer() != null && r.request() != null);
    }

    @Test
    void areRecorded() {
        assertThat(errors()).hasSizeGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void keepsAnError(Recording recording) {
        ApiFormat format = recording.apiFormat().orElseThrow();
        byte[] body = recording.answer().getBytes(StandardCharsets.UTF_8);
        ApiError error = format.errors().decode(recording.status(), name -> null, body, Instant.EPOCH);
        String said = words(Json.read(recording.answer()));
        // a call that the model has written wrongly is not the client's fault
        boolean ofModel = recording.answer().contains("tool_use_failed");
        ErrorKind kind = switch (recording.status()) {
            case 400 -> ofModel ? ErrorKind.UPSTREAM_ERROR : ErrorKind.INVALID_REQUEST;
            case 404 -> ErrorKind.NOT_FOUND;
            case 429 -> ErrorKind.RATE_LIMITED;
            default -> throw new AssertionError("no expectation for " + recording.status());
        };
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.scope() == ErrorScope.REQUEST).isEqualTo(kind == ErrorKind.INVALID_REQUEST);
        if (kind == ErrorKind.INVALID_REQUEST) {
            assertThat(error.message()).endsWith(said);
        }
        String words = error.message();
        assertThat(words).isNotBlank();
        for (ApiFormat client : ApiFormats.all()) {
            String whole = new String(client.errors().render(error), StandardCharsets.UTF_8);
            assertThat(words(Json.read(whole))).as(client.id()).endsWith(words);
            String streamed = new String(client.errors().renderInStream(error), StandardCharsets.UTF_8);
            assertThat(streamed).contains(Json.text(Json.string(words)).substring(1));
        }
    }

    private static String words(JsonNode answer) {
        JsonNode error = answer.path("error");
        return (error.isObject() ? error.path("message") : error).asString("");
    }
}
