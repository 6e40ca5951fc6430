package io.omniroute.translators.format;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a call asks for; also the endpoint kind that an API key may be limited to. */
public enum Operation {
    CHAT,
    EMBEDDINGS,
    /** How many tokens a conversation has. */
    COUNT_TOKENS,
    /** A conversation is made shorter, by a provider that has a way to do that and only in that provider's format. */
    COMPACT,
    /** The list of models; answered by the gateway itself. */
    MODELS;

    /** The operation whose rights and models it shares: who may converse may count, and make shorter. */
    public Operation kind() {
        return this == COUNT_TOKENS || this == COMPACT ? CHAT : this;
    }

    /** The names of the kinds that an API key may be limited to; the list of models is open to every key. */
    public static List<String> kinds() {
        return Arrays.stream(values())
                .filter(operation -> operation != MODELS)
                .map(Operation::kind)
                .distinct()
                .map(Operation::id)
                .toList();
    }

    /** The name used in configuration and in keys: lower case with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The operation of that name, if there is one. */
    public static Optional<Operation> ofId(String id) {
        for (Operation operation : values()) {
            if (operation.id().equals(id)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }
}
