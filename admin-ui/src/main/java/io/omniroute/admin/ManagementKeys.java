package io.omniroute.admin;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.redis.apikey.ApiKeys;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Authenticates the management side with gateway keys; a key's scopes are its authorities. */
final class ManagementKeys implements ServerAuthenticationConverter, ReactiveAuthenticationManager {

    private static final String BEARER = "Bearer ";
    private static final int LONGEST = 512;
    /** Stands for what cannot be a key, and is not looked up. */
    private static final KeyHash NOT_A_KEY = new KeyHash("0".repeat(64));

    private final ApiKeys keys;
    private final InstantSource clock;

    ManagementKeys(ApiKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Mono.just(token(authorization.substring(BEARER.length()).strip()));
        }
        return Mono.justOrEmpty(headers.getFirst("x-api-key")).map(ManagementKeys::token);
    }

    @Override
    public Mono<Authentication> authenticate(Authentication presented) {
        if (presented.getPrincipal() == NOT_A_KEY) {
            return Mono.error(new BadCredentialsException("not a valid key"));
        }
        return Mono.justOrEmpty((KeyHash) presented.getPrincipal())
                .flatMap(keys::find)
                .onErrorMap(away -> new AuthenticationServiceException("keys cannot be checked", away))
                .filter(key -> key.active() && !key.expiredAt(clock.instant()))
                .switchIfEmpty(Mono.error(() -> new BadCredentialsException("not a valid key")))
                .map(ManagementKeys::authenticated);
    }

    /** From here on only the hash is known. */
    private static Authentication token(String key) {
        boolean possible = key.length() <= LONGEST && !KeySecret.isMistyped(key);
        return UsernamePasswordAuthenticationToken.unauthenticated(possible ? KeyHash.ofKey(key) : NOT_A_KEY, "");
    }

    private static Authentication authenticated(ApiKey key) {
        List<SimpleGrantedAuthority> scopes =
                key.scopes().stream().map(SimpleGrantedAuthority::new).toList();
        return UsernamePasswordAuthenticationToken.authenticated(key.id(), "", scopes);
    }
}
