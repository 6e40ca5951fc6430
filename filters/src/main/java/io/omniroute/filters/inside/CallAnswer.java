package io.omniroute.filters.inside;

import io.omniroute.translators.error.ApiError;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import reactor.core.publisher.Flux;

/**
 * The answer of a call from inside.
 *
 * @param failure what it failed of, if it did and the chain itself has told it
 * @param body must be subscribed to once, and its buffers released; cancelling it ends the call at the provider too
 */
public record CallAnswer(
        HttpStatusCode status, HttpHeaders headers, Optional<ApiError> failure, Flux<DataBuffer> body) {}
