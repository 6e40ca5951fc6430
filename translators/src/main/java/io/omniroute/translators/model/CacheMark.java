package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;

/**
 * A request to cache the prompt up to here.
 *
 * @param ttl for how long, as the client wrote it, or {@code null} for the usual time
 */
public record CacheMark(@Nullable String ttl) {}
