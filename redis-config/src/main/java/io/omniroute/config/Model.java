package io.omniroute.config;

import java.util.Set;

/**
 * A model that a provider is declared to have.
 *
 * @param id the provider's own name for it
 * @param operations what it can be asked for; empty means chat
 */
public record Model(String id, Set<String> operations) {

    public Model {
        operations = operations.isEmpty() ? Set.of("chat") : Set.copyOf(operations);
    }
}
