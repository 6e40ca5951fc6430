package io.omniroute.filters.error;

import io.omniroute.config.KeySecret;
import io.omniroute.filters.call.ClientLeft;
import io.omniroute.filters.observe.CallRecorder;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Renders what fails outside of the chain (no route, a wrong method, what the framework refuses) for paths below
 * {@code /v1} and their other spellings, in the nearest format. Other paths are left to the next handler.
 */
public final class ApiErrorHandler implements WebExceptionHandler, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(ApiErrorHandler.class);

    private final CallRecorder recorder;

    /** @param recorder is told of every refusal */
    public ApiErrorHandler(CallRecorder recorder) {
        this.recorder = recorder;
    }

    /** Before Spring Boot's own handler, which is at -1 and answers with its own JSON or a page. */
    @Override
    public int getOrder() {
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        Optional<ApiPath> path = ApiPath.of(exchange.getRequest().getURI().getRawPath());
        if (path.isEmpty() || exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        if (ClientLeft.isWhy(failure)) {
            exchange.getResponse().setStatusCode(HttpStatus.BAD_REQUEST); // which nobody reads
            return Mono.empty();
        }
        return error(exchange, path.get(), failure)
                .map(error -> {
                    recorder.recordRefused(exchange, error);
                    return ErrorResponses.write(exchange, ApiFormats.nearest(path.get()), error);
                })
                .orElseGet(() -> Mono.error(failure));
    }

    private static Optional<ApiError> error(ServerWebExchange exchange, ApiPath path, Throwable failure) {
        return switch (failure) {
            case ApiException known -> Optional.of(known.error());
            case ResponseStatusException status -> Optional.of(ofStatus(exchange, path, status.getStatusCode()));
            default -> {
                LOG.error("a request failed unexpectedly outside of the chain", failure);
                yield Optional.of(ApiError.of(ErrorKind.INTERNAL, "the gateway failed; its log says why"));
            }
        };
    }

    private static ApiError ofStatus(ServerWebExchange exchange, ApiPath path, HttpStatusCode status) {
        return switch (status.value()) {
            case 404, 405 -> noRoute(exchange, path);
            case 413 -> ApiError.of(ErrorKind.TOO_LARGE, "the request is too large");
            case 415 -> ApiError.of(ErrorKind.UNSUPPORTED_MEDIA_TYPE, "the content type is not supported");
            case 503 -> ApiError.of(ErrorKind.OVERLOADED, "the gateway is not ready");
            case 504 -> ApiError.of(ErrorKind.TIMEOUT, "the request took too long");
            default ->
                status.is4xxClientError()
                        ? ApiError.of(ErrorKind.INVALID_REQUEST, "the request cannot be read")
                        : ApiError.of(ErrorKind.INTERNAL, "the gateway failed; its log says why");
        };
    }

    private static ApiError noRoute(ServerWebExchange exchange, ApiPath path) {
        String method = exchange.getRequest().getMethod().name();
        Set<String> allowed = ApiFormats.methods(path);
        if (!allowed.isEmpty()
                && "websocket"
                        .equalsIgnoreCase(exchange.getRequest().getHeaders().getFirst(HttpHeaders.UPGRADE))) {
            // on which clients fall back to plain requests at once
            exchange.getResponse().getHeaders().set(HttpHeaders.UPGRADE, "HTTP/1.1");
            return ApiError.of(ErrorKind.UPGRADE_REQUIRED, path.value() + " is called by plain HTTP requests");
        }
        if (allowed.isEmpty() || allowed.contains(method)) {
            return ApiError.of(ErrorKind.NOT_FOUND, "there is nothing at " + KeySecret.hiddenIn(path.value()))
                    .withCode(ErrorCodes.NOTHING_THERE);
        }
        exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, String.join(", ", allowed));
        return ApiError.of(
                ErrorKind.METHOD_NOT_ALLOWED, path.value() + " does not answer " + method + "; expected " + allowed);
    }
}
