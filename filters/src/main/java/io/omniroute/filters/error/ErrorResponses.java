package io.omniroute.filters.error;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.ApiFormat;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a request with an error in a format. */
public final class ErrorResponses {

    private ErrorResponses() {}

    /** Writes the error as the whole response; the head must not have left. */
    public static Mono<Void> write(ServerWebExchange exchange, ApiFormat format, ApiError error) {
        ServerHttpResponse response = exchange.getResponse();
        byte[] body = format.errors().render(error);
        response.setStatusCode(HttpStatusCode.valueOf(error.kind().status()));
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        Duration wait = error.retryAfter();
        if (wait != null) {
            response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)));
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    /** A wait in whole seconds, rounded up, at least one: a client that comes back sooner comes too soon. */
    static long seconds(Duration wait) {
        return Math.max(1, (wait.toMillis() + 999) / 1000);
    }
}
