package io.omniroute.admin;

import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers everything below {@code /api} that nothing else answers: JSON, never a page. */
@RestController
class ApiNotFound {

    static final String EVERYTHING = "/api/**";

    @RequestMapping({"/api", EVERYTHING})
    Mono<Void> notFound(ServerWebExchange exchange) {
        return ManagementError.NOT_FOUND.write(exchange);
    }
}
