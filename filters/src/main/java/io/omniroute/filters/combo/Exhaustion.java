package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a client is told when nothing is left to try.
 *
 * @param runner knows what was tried, and who asked to wait
 */
record Exhaustion(ServerWebExchange exchange, Call call, Combo combo, AttemptRunner runner, TargetHealth health) {

    /** The last failure, with what was tried beside it, and the shortest wait that any provider asked for. */
    ApiException told(ApiException last, Candidates candidates) {
        ApiException told = candidates.poolSize() == 1 ? last : soonest(last);
        if (!call.isForCounting()) {
            // a count may be estimated instead
            new FailureHeaders(exchange, call, combo)
                    .write(told.error(), candidates.poolSize(), candidates.excluded(), runner.tried(), health);
        }
        return told;
    }

    private ApiException soonest(ApiException last) {
        boolean waits =
                last.error().kind() == ErrorKind.RATE_LIMITED || last.error().kind() == ErrorKind.OVERLOADED;
        return runner.soonest()
                .filter(wait -> waits)
                .map(wait -> last.error().withRetryAfter(wait).exception())
                .orElse(last);
    }
}
