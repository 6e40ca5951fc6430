package io.omniroute.filters.error;

import io.omniroute.filters.observe.CallRecorder;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Answers 404 for paths below {@code /v1} and {@code /api} that climb or cannot be decoded, before anyone else tries. */
public final class ClimbingPathWebFilter implements WebFilter, Ordered {

    private final CallRecorder recorder;

    /** @param recorder is told of every refusal */
    public ClimbingPathWebFilter(CallRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!climbs(exchange.getRequest().getURI().getRawPath())) {
            return chain.filter(exchange);
        }
        ApiError error = ApiError.of(ErrorKind.NOT_FOUND, "there is nothing at this path")
                .withCode(ErrorCodes.NOTHING_THERE);
        recorder.recordRefused(exchange, error);
        return ErrorResponses.write(exchange, ApiFormats.nearest(), error);
    }

    private static boolean climbs(String rawPath) {
        String lower = rawPath.toLowerCase(Locale.ROOT);
        // what is below the API does not climb, which is remembered
        return (lower.startsWith("/v1") || lower.startsWith("/api"))
                && ApiPath.of(rawPath).isEmpty()
                && ApiPath.segmentsOf(rawPath).isEmpty();
    }
}
