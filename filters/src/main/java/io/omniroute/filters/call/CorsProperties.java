package io.omniroute.filters.call;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Calls from web pages.
 *
 * @param allowedOrigins the origins whose pages may call, such as {@code https://app.example.com}; none turns CORS off
 * @param maxAge how long a browser may remember a preflight
 */
@ConfigurationProperties("omniroute.cors")
public record CorsProperties(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("1h") Duration maxAge) {}
