package io.omniroute.config;

import java.util.Optional;
import java.util.Set;

/**
 * An account at a provider.
 *
 * @param id unique within the provider
 * @param auth its credential
 * @param enabled whether calls may use it
 * @param priority the lowest is used first
 * @param weight how much of the calls it gets where they are spread by weight
 * @param pace how fast it may be called
 * @param tags what calls may ask of it by name
 * @param proxy the URL of the proxy that its calls go through, with a name and a password perhaps; the usual way if absent
 */
public record Connection(
        String id,
        UpstreamAuth auth,
        boolean enabled,
        int priority,
        int weight,
        Pace pace,
        Set<String> tags,
        Optional<Secret> proxy) {

    public Connection {
        tags = Set.copyOf(tags);
    }

    /** What it is called over all providers, by those who count and limit: {@code provider@connection}. */
    public String account(String provider) {
        return provider + "@" + id;
    }

    /** What its credential is called, which is not this one any more when it is changed: {@code provider@connection#mark}. */
    public String credential(String provider) {
        return account(provider) + "#" + auth.mark();
    }
}
