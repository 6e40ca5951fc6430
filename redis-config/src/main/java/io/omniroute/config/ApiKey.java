package io.omniroute.config;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key's record; never the key itself.
 *
 * @param id what people call it by in lists and logs
 * @param hash the SHA-256 of the key
 * @param organisation the organisation that pays
 * @param team the team that it belongs to
 * @param models its own patterns, within the team's; empty means the team's
 * @param endpoints the operations that it may ask for; empty means all
 * @param scopes further rights: {@code manage} for the management API, {@code own} for its own records,
 *     {@code hosted-tools} for tools that providers run themselves
 * @param expires when it stops being valid, if ever
 * @param active whether it is valid at all
 * @param bounded whether its team is a declared one, so that it may call nothing once that is declared no more
 */
public record ApiKey(
        String id,
        KeyHash hash,
        String organisation,
        String team,
        ModelPatterns models,
        Set<String> endpoints,
        Set<String> scopes,
        @Nullable Instant expires,
        boolean active,
        boolean bounded) {

    /** The scope of the management API. */
    public static final String MANAGE = "manage";

    /** The scope of tools that providers run themselves: searches of the web, code, computers, remote servers. */
    public static final String HOSTED_TOOLS = "hosted-tools";

    /** The scope of the records of the key's own calls. */
    public static final String OWN = "own";

    /** All scopes that there are. */
    public static final Set<String> SCOPES = Set.of(MANAGE, OWN, HOSTED_TOOLS);

    /** A key of a team that need not be declared. */
    public ApiKey(
            String id,
            KeyHash hash,
            String organisation,
            String team,
            ModelPatterns models,
            Set<String> endpoints,
            Set<String> scopes,
            @Nullable Instant expires,
            boolean active) {
        this(id, hash, organisation, team, models, endpoints, scopes, expires, active, false);
    }

    public ApiKey {
        endpoints = Set.copyOf(endpoints);
        scopes = Set.copyOf(scopes);
    }

    /** Whether the key has a scope. */
    public boolean has(String scope) {
        return scopes.contains(scope);
    }

    /** Whether the key may ask for an operation. */
    public boolean mayAskFor(String operation) {
        return endpoints.isEmpty() || endpoints.contains(operation);
    }

    /** Whether the key is past its time. */
    public boolean expiredAt(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    /** The same key, which ends with the declaration of its team. */
    public ApiKey ofDeclaredTeam() {
        return new ApiKey(id, hash, organisation, team, models, endpoints, scopes, expires, active, true);
    }

    /** The same key, revoked. */
    public ApiKey revoked() {
        return new ApiKey(id, hash, organisation, team, models, endpoints, scopes, expires, false, bounded);
    }
}
