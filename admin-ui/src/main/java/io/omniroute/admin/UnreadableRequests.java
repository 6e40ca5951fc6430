package io.omniroute.admin;

import io.omniroute.translators.format.ApiPath;
import org.springframework.core.Ordered;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Answers what the framework refuses below {@code /api}, a body that is not JSON for one, as everything there is answered; and says which
 * methods there are where it refuses one.
 */
final class UnreadableRequests implements WebExceptionHandler, Ordered {

    /** Before Spring Boot's own handler, which is at -1, and behind that of the API. */
    @Override
    public int getOrder() {
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        String path = exchange.getRequest().getURI().getRawPath();
        boolean ofManagement = path.startsWith("/api/") && ApiPath.of(path).isEmpty();
        if (failure instanceof MethodNotAllowedException other
                && !exchange.getResponse().isCommitted()) {
            // Spring Boot's own handler leaves out which methods there are, as for Actuator's paths
            exchange.getResponse().getHeaders().setAllow(other.getSupportedMethods());
        }
        if (!ofManagement
                || exchange.getResponse().isCommitted()
                || !(failure instanceof ResponseStatusException refused)
                || !refused.getStatusCode().is4xxClientError()) {
            return Mono.error(failure);
        }
        return switch (refused.getStatusCode().value()) {
            case 413 -> ManagementError.TOO_LARGE.write(exchange);
            case 415 -> ManagementError.NO_JSON.write(exchange);
            default -> ManagementError.UNREADABLE.write(exchange);
        };
    }
}
