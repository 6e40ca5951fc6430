package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;

/**
 * A request to cache the prompt up to here.
 *
 * @param ttl for how long, as the client wrote it, or {@code null} for the usual time
 * @param breakpoint whether it is written as OpenAI writes it, {@code prompt_cache_breakpoint}, and not as Anthropic does
 */
public record CacheMark(@Nullable String ttl, boolean breakpoint) {

    /** Anthropic's mark. */
    public CacheMark(@Nullable String ttl) {
        this(ttl, false);
    }
}
