package io.omniroute.filters.call;

import io.omniroute.config.CheckedSettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Calls from web pages.
 *
 * @param allowedOrigins the origins whose pages may call, such as {@code https://app.example.com}, or {@code *} for all; none turns CORS off
 * @param maxAge how long a browser may remember a preflight
 */
@ConfigurationProperties("omniroute.cors")
public record CorsProperties(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("1h") Duration maxAge) implements CheckedSettings {

    /** All pages; credentials are in headers and never in cookies, so a page has none that it was not given. */
    private static final String ALL = "*";

    /** As browsers write one (RFC 6454, section 6.2). */
    private static final Pattern ORIGIN =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^\\s/?#@*:\\[\\]]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    @Override
    public List<String> problems() {
        return allowedOrigins.stream()
                .filter(origin -> !origin.equals(ALL) && !ORIGIN.matcher(origin).matches())
                .map(origin -> "omniroute.cors.allowed-origins: \"" + origin
                        + "\" is no origin (expected scheme://host or scheme://host:port, without a path, or *)")
                .toList();
    }
}
