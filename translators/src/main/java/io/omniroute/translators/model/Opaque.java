package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;

/**
 * Something of a provider's that only it can read: a signature, encrypted reasoning. Never edited, and never sent to another
 * family of providers.
 *
 * @param family the format of the provider that made it
 * @param kind what it is
 * @param id the provider's id of what it belongs to, if it has one
 * @param payload as the provider sent it
 * @param provider the id of the provider that made it; empty where nobody knows, as in a client's own history
 */
public record Opaque(String family, Kind kind, @Nullable String id, String payload, String provider) {

    /** A payload of a provider that is not known. */
    public Opaque(String family, Kind kind, @Nullable String id, String payload) {
        this(family, kind, id, payload, "");
    }

    /** The same, made by that provider. */
    public Opaque madeBy(String maker) {
        return new Opaque(family, kind, id, payload, maker);
    }

    /** The same with another id of what it belongs to. */
    public Opaque withId(@Nullable String other) {
        return new Opaque(family, kind, other, payload, provider);
    }

    /** The same of another kind. */
    public Opaque as(Kind other) {
        return new Opaque(family, other, id, payload, provider);
    }

    /** Whether a provider may have made it. */
    public boolean mayBeOf(String other) {
        return provider.isEmpty() || provider.equals(other);
    }

    /** What an opaque payload is. */
    public enum Kind {
        /** Proves that reasoning, or a call, is the provider's own and unchanged. */
        SIGNATURE,
        /** The reasoning itself, encrypted. */
        ENCRYPTED,
        /** Reasoning that the provider does not show. */
        REDACTED,
        /** Plain reasoning of a provider that signs nothing. */
        PLAIN,
        /** A signature of the text before it, which its provider likes to have back and does not insist on. */
        TEXT_SIGNATURE
    }
}
