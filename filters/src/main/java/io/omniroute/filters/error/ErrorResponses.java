package io.omniroute.filters.error;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.ClientLeft;
import io.omniroute.filters.call.RequestId;
import io.omniroute.redis.Defects;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.ApiFormat;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a request with an error in a format. */
public final class ErrorResponses {

    private static final Defects DEFECTS = new Defects(ErrorResponses.class);
    private static final long MOST_DISCARDED = 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private ErrorResponses() {}

    /**
     * Writes the error as the whole response; the head must not have left. A body that nobody has read is read first, so that
     * the connection is good for the next request; where it is large or slow the connection is closed instead.
     */
    public static Mono<Void> write(ServerWebExchange exchange, ApiFormat format, ApiError error) {
        return write(exchange, format, error, false);
    }

    /** The same, perhaps as the only element of an array. */
    static Mono<Void> write(ServerWebExchange exchange, ApiFormat format, ApiError error, boolean array) {
        return discardBody(exchange)
                .then(Mono.defer(() -> respond(exchange, format, error, array)))
                .onErrorComplete(ErrorResponses::isAnswered);
    }

    /** Writes a stream that consists of its failure; the request's body was read. */
    static Mono<Void> stream(ServerWebExchange exchange, byte[] events) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-cache, no-transform");
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(events)));
    }

    /** What was no HTTP any more, in the middle of a body, the server has refused itself. */
    private static boolean isAnswered(Throwable failure) {
        return failure instanceof IllegalStateException
                && String.valueOf(failure.getMessage()).contains("already sent");
    }

    private static Mono<Void> respond(ServerWebExchange exchange, ApiFormat format, ApiError error, boolean array) {
        ServerHttpResponse response = exchange.getResponse();
        byte[] object = ExchangeAttributes.find(exchange, RequestId.class)
                .map(id -> format.errors().render(error, id.echoed()))
                .orElseGet(() -> format.errors().render(error));
        byte[] body = array ? inArray(object) : object;
        response.setStatusCode(HttpStatusCode.valueOf(format.errors().status(error)));
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        Duration wait = error.retryAfter();
        if (wait != null) {
            response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)));
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    private static byte[] inArray(byte[] object) {
        byte[] array = new byte[object.length + 2];
        array[0] = '[';
        System.arraycopy(object, 0, array, 1, object.length);
        array[array.length - 1] = ']';
        return array;
    }

    private static Mono<Void> discardBody(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        long announced = headers.getContentLength();
        if (announced == 0 || (announced < 0 && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING))) {
            return Mono.empty();
        }
        if (announced > MOST_DISCARDED) {
            return Mono.fromRunnable(() -> closeAfter(exchange));
        }
        AtomicLong discarded = new AtomicLong();
        return ClientLeft.body(exchange.getRequest())
                .doOnNext(buffer -> {
                    discarded.addAndGet(buffer.readableByteCount());
                    DataBufferUtils.release(buffer);
                })
                .takeUntil(buffer -> discarded.get() > MOST_DISCARDED)
                .then()
                .timeout(PATIENCE)
                .doOnError(TimeoutException.class, slow -> closeAfter(exchange))
                .onErrorResume(failure -> isOver(failure) ? Mono.empty() : DEFECTS.goOn(failure));
    }

    /** A body that was read before cannot be read again, and need not be. */
    private static boolean isOver(Throwable failure) {
        return failure instanceof ClientLeft
                || failure instanceof TimeoutException
                || failure instanceof IllegalStateException;
    }

    private static void closeAfter(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
    }

    /** A wait in whole seconds, rounded up, at least one: a client that comes back sooner comes too soon. */
    static long seconds(Duration wait) {
        return Math.max(1, (wait.toMillis() + 999) / 1000);
    }
}
