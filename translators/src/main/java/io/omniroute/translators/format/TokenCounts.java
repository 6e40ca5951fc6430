package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a provider's answer that is a count of tokens and nothing else. Stateless. */
public final class TokenCounts {

    private TokenCounts() {}

    /**
     * Tells of the count, or that there is none.
     *
     * @param field which field has it
     */
    public static void read(byte[] answer, String field, Consumer<StreamEvent> sink) {
        JsonNode count;
        try {
            count = Json.read(answer, 0, answer.length).path(field);
        } catch (JacksonException malformed) {
            count = Json.nothing();
        }
        if (count.isIntegralNumber()) {
            sink.accept(new StreamEvent.UsageUpdate(Usage.of(count.asLong(), 0)));
            sink.accept(new StreamEvent.End());
        } else {
            sink.accept(new StreamEvent.Failure(ApiError.upstream(
                    ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, "the provider's answer is not a count of tokens")));
        }
    }
}
