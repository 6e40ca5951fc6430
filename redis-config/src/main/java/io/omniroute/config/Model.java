package io.omniroute.config;

import java.util.Set;

/**
 * A model that a provider is declared to have.
 *
 * @param id the provider's own name for it
 * @param operations what it can be asked for; empty means chat
 * @param facts what is configured of it
 */
public record Model(String id, Set<String> operations, Facts facts) {

    public Model {
        operations = operations.isEmpty() ? Set.of("chat") : Set.copyOf(operations);
    }
}
