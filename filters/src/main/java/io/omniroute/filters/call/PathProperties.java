package io.omniroute.filters.call;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Paths of the API.
 *
 * @param shortForms whether paths without a version are the API's, too: {@code /models}, {@code /chat/completions}, {@code /codex/...};
 *     a gateway that has paths of its own may need them for itself
 * @param hideKeys whether {@code ?key=} is taken from the addresses of all other requests, too, so that nobody writes it down; a gateway
 *     that has paths of its own may need it for itself
 */
@ConfigurationProperties("omniroute.paths")
public record PathProperties(
        @DefaultValue("false") boolean shortForms,
        @DefaultValue("false") boolean hideKeys) {}
