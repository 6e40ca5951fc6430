package io.omniroute.config;

/**
 * An account at a provider.
 *
 * @param id unique within the provider
 * @param auth its credential
 * @param enabled whether calls may use it
 */
public record Connection(String id, UpstreamAuth auth, boolean enabled) {}
