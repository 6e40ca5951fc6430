package io.omniroute.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** An error of the management API: {@code {"error":{"code","message"}}} with OmniRoute's codes. */
enum ManagementError {
    AUTHENTICATION_REQUIRED(HttpStatus.UNAUTHORIZED, "AUTH_001", "a key with the scope manage is required"),
    INVALID_KEY(HttpStatus.UNAUTHORIZED, "AUTH_002", "this key is not valid"),
    TOO_MANY_TRIES(HttpStatus.TOO_MANY_REQUESTS, "RATE_001", "too many unknown keys from this address"),
    NOT_PERMITTED(HttpStatus.FORBIDDEN, "AUTH_004", "this key does not have the scope manage"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "NOT_FOUND", "there is nothing at this path"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "nothing answers this method here"),
    UNREADABLE(
            HttpStatus.BAD_REQUEST, "VALID_001", "the request cannot be read (expected a JSON object as documented)"),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "VALID_001", "the request is too large"),
    NO_JSON(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "VALID_001", "the body must be application/json"),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "INTERNAL_003", "keys cannot be checked at the moment");

    private final HttpStatus status;
    private final String code;
    private final String message;

    ManagementError(HttpStatus status, String code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    /** Writes it as the whole response. */
    Mono<Void> write(ServerWebExchange exchange) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        byte[] body =
                JsonMapper.shared().writeValueAsString(Map.of("error", error)).getBytes(StandardCharsets.UTF_8);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        if (status == HttpStatus.UNAUTHORIZED) {
            response.getHeaders().set("WWW-Authenticate", "Bearer");
        }
        if (status == HttpStatus.TOO_MANY_REQUESTS) {
            response.getHeaders().set("Retry-After", "60");
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
