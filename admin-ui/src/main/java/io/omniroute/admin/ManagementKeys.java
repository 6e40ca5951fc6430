package io.omniroute.admin;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.auth.KeyCheck;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Authenticates the management side with gateway keys; a key's scopes are its authorities. */
final class ManagementKeys implements ServerAuthenticationConverter, ReactiveAuthenticationManager {

    /** All that is known of a key from here on. */
    private record Presented(Optional<KeyHash> hash, String source) {}

    private final KeyCheck keys;

    ManagementKeys(KeyCheck keys) {
        this.keys = keys;
    }

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return Mono.fromSupplier(() -> KeyCheck.presented(request.getHeaders()))
                .onErrorMap(ApiException.class, ManagementKeys::refused)
                .flatMap(Mono::justOrEmpty)
                .map(key -> token(key, request));
    }

    @Override
    public Mono<Authentication> authenticate(Authentication token) {
        return Mono.justOrEmpty((Presented) token.getPrincipal())
                .flatMap(presented -> keys.check(presented.hash(), presented.source()))
                .onErrorMap(ApiException.class, ManagementKeys::refused)
                .map(ManagementKeys::authenticated);
    }

    private static AuthenticationException refused(ApiException refused) {
        ErrorKind kind = refused.error().kind();
        return switch (kind) {
            case RATE_LIMITED -> new LockedException("too many unknown keys", refused);
            case OVERLOADED -> new AuthenticationServiceException("keys cannot be checked", refused);
            default -> new BadCredentialsException("not a valid key", refused);
        };
    }

    private static Authentication token(String key, ServerHttpRequest request) {
        return UsernamePasswordAuthenticationToken.unauthenticated(
                new Presented(KeyCheck.hashOf(key), KeyCheck.sourceOf(request)), "");
    }

    private static Authentication authenticated(Caller caller) {
        ApiKey key = caller.key();
        List<SimpleGrantedAuthority> scopes =
                key.scopes().stream().map(SimpleGrantedAuthority::new).toList();
        UsernamePasswordAuthenticationToken known =
                UsernamePasswordAuthenticationToken.authenticated(key.id(), "", scopes);
        known.setDetails(key);
        return known;
    }
}
