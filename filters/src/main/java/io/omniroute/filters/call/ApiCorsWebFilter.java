package io.omniroute.filters.call;

import io.omniroute.translators.format.ApiPath;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;

/**
 * CORS for the API's paths. Preflights are answered before anyone is authenticated, because browsers send them without
 * credentials; a request of a page that is not on the list is refused.
 */
public final class ApiCorsWebFilter extends CorsWebFilter implements Ordered {

    public ApiCorsWebFilter(CorsProperties settings) {
        super(exchange ->
                ApiPath.of(exchange.getRequest().getURI().getRawPath()).isPresent() ? configuration(settings) : null);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    private static CorsConfiguration configuration(CorsProperties settings) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(settings.allowedOrigins());
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST"));
        cors.setAllowedHeaders(List.of("*"));
        cors.setExposedHeaders(List.of(
                "x-request-id",
                "Retry-After",
                "X-OmniRoute-Request-Id",
                "X-OmniRoute-Model",
                "X-OmniRoute-Provider",
                "X-OmniRoute-Fallback-Attempts",
                "X-OmniRoute-Latency-Ms",
                "X-OmniRoute-Version"));
        cors.setMaxAge(settings.maxAge());
        return cors;
    }
}
