package io.omniroute.filters.auth;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.redis.apikey.KeysUnavailable;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Whether a presented key is valid, for every door that takes one. */
public final class KeyCheck {

    private static final int LONGEST = 512;

    private final ApiKeys keys;
    private final UnknownKeys unknown;
    private final InstantSource clock;

    public KeyCheck(ApiKeys keys, UnknownKeys unknown, InstantSource clock) {
        this.keys = keys;
        this.unknown = unknown;
        this.clock = clock;
    }

    /**
     * The caller that a key stands for.
     *
     * @param presented the key as it was sent
     * @param source the address that it came from
     * @return fails with UNAUTHENTICATED, with RATE_LIMITED for an address that tries many unknown keys, or with OVERLOADED
     *     if nobody can say because Redis is away
     */
    public Mono<Caller> check(String presented, String source) {
        return check(hashOf(presented), source);
    }

    /** The same for a door that keeps only the hash of what was presented. */
    public Mono<Caller> check(Optional<KeyHash> presented, String source) {
        if (presented.isEmpty() || (unknown.mayNotTry(source) && !keys.isKnown(presented.get()))) {
            return Mono.error(unknown.refused(source));
        }
        ApiKey here = keys.isFresh() ? keys.known(presented.get()) : null;
        if (here != null) {
            return valid(here);
        }
        return keys.find(presented.get())
                .switchIfEmpty(Mono.error(() -> unknown.refused(source)))
                .onErrorMap(
                        KeysUnavailable.class,
                        away -> ApiError.notNow(
                                        "API keys cannot be checked at the moment, because the gateway's store is away")
                                .exception())
                .flatMap(this::valid);
    }

    /**
     * The one key that is presented in a request's headers; empty if there is none.
     *
     * @throws io.omniroute.translators.error.ApiException UNAUTHENTICATED if there are several that differ
     */
    public static Optional<String> presented(HttpHeaders headers) {
        return Credentials.find(headers);
    }

    /** The hash of a key; empty for what cannot be one, whose hash nobody needs to look up. */
    public static Optional<KeyHash> hashOf(String presented) {
        return presented.length() > LONGEST || KeySecret.isMistyped(presented)
                ? Optional.empty()
                : Optional.of(KeyHash.ofKey(presented));
    }

    /** The address that a request came from, as tries are counted; empty if it is not known. */
    public static String sourceOf(ServerHttpRequest request) {
        InetSocketAddress remote = request.getRemoteAddress();
        return remote == null || remote.getAddress() == null
                ? ""
                : remote.getAddress().getHostAddress();
    }

    private Mono<Caller> valid(ApiKey key) {
        return refusal(key, clock.instant()).<Mono<Caller>>map(Mono::error).orElseGet(() -> Mono.just(new Caller(key)));
    }

    /** What whoever presents a known key is told instead of being let in; empty for a valid one. */
    public static Optional<ApiException> refusal(ApiKey key, Instant now) {
        if (!key.active()) {
            return Optional.of(Credentials.unauthenticated("this API key was revoked or is not active"));
        }
        return key.expiredAt(now)
                ? Optional.of(Credentials.unauthenticated("this API key has expired"))
                : Optional.empty();
    }
}
