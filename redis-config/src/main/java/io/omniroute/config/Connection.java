package io.omniroute.config;

/**
 * An account at a provider.
 *
 * @param id unique within the provider
 * @param auth its credential
 * @param enabled whether calls may use it
 * @param priority the lowest is used first
 * @param weight how much of the calls it gets where they are spread by weight
 * @param pace how fast it may be called
 */
public record Connection(String id, UpstreamAuth auth, boolean enabled, int priority, int weight, Pace pace) {}
