package io.omniroute.admin;

import io.omniroute.translators.format.ApiPath;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers everything below {@code /api} that nothing else answers: JSON, never a page. */
@RestController
class ApiNotFound {

    private static final String ROOT = "/api";
    private static final String EVERYTHING = "/api/**";

    /** What it answers where nothing else does. */
    static final Set<String> PATHS = Set.of(ROOT, EVERYTHING);

    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    ApiNotFound(ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    @RequestMapping({ROOT, EVERYTHING})
    Mono<Void> notFound(ServerWebExchange exchange) {
        if (ApiPath.of(exchange.getRequest().getURI().getRawPath()).isPresent()) {
            // one more spelling of a path of the API, which says itself that there is nothing
            return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
        }
        Set<String> allowed = allowed(exchange.getRequest().getPath().pathWithinApplication());
        if (allowed.isEmpty()) {
            return ManagementError.NOT_FOUND.write(exchange);
        }
        exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, String.join(", ", allowed));
        return ManagementError.METHOD_NOT_ALLOWED.write(exchange);
    }

    /** The framework answers these itself, and with success, where no mapping names the method. */
    @RequestMapping(
            path = {ROOT, EVERYTHING},
            method = RequestMethod.OPTIONS)
    Mono<Void> options(ServerWebExchange exchange) {
        Set<String> allowed =
                ApiPath.of(exchange.getRequest().getURI().getRawPath()).isPresent()
                        ? Set.of()
                        : allowed(exchange.getRequest().getPath().pathWithinApplication());
        if (allowed.isEmpty()) {
            return notFound(exchange);
        }
        exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, String.join(", ", allowed) + ", OPTIONS");
        return exchange.getResponse().setComplete();
    }

    /** The methods that something else answers at this path. */
    private Set<String> allowed(PathContainer path) {
        return mappings.stream()
                .flatMap(all -> all.getHandlerMethods().keySet().stream())
                .filter(mapping -> mapping.getPatternsCondition().getPatterns().stream()
                        .anyMatch(pattern -> !PATHS.contains(pattern.getPatternString()) && pattern.matches(path)))
                .map(RequestMappingInfo::getMethodsCondition)
                .flatMap(methods -> methods.getMethods().stream())
                .map(RequestMethod::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
