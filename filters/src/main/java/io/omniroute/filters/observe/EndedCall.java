package io.omniroute.filters.observe;

import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.RequestId;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.Endpoint;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * A call that is over, for whoever writes of it.
 *
 * @param call what was asked; empty for one that was refused before its body was read
 * @param outcome how its answer ended; empty where there was none
 * @param status what the client was answered, or 499 for one that has left
 * @param ending {@code complete}, {@code refused}, {@code client_gone}, {@code upstream_failed}, {@code shut_down} or {@code continued}
 * @param error why there is no answer, or why it ended early
 * @param took from the request's head to the end of the answer
 */
record EndedCall(
        ServerWebExchange exchange,
        Endpoint endpoint,
        RequestId id,
        Optional<Call> call,
        Optional<Outcome> outcome,
        int status,
        String ending,
        @Nullable ApiError error,
        Duration took) {}
