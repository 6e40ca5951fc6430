package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.Attempt;
import tools.jackson.core.JsonGenerator;

/**
 * A target, or one of its accounts, that has no part in a call whatever happens.
 *
 * @param target the canonical name of the model
 * @param connection the account; empty where it is the target as a whole
 * @param reason a word for why
 */
public record Missing(String target, String connection, String reason) {

    /** The provider does not offer the model, or not for this. */
    static final String NOT_OFFERED = "not-offered";
    /** The provider speaks no format in which it could be asked. */
    static final String NOT_SPOKEN = "not-spoken";
    /** The account is turned off. */
    static final String DISABLED = "disabled";
    /** There is no account of that name. */
    static final String UNKNOWN_ACCOUNT = "unknown-connection";
    /** The account does not have the tags that the client asks for. */
    static final String UNTAGGED = "untagged";
    /** What the call names is kept by another account. */
    static final String KEPT_ELSEWHERE = "kept-elsewhere";

    static Missing of(Attempt attempt, String reason) {
        return new Missing(attempt.target().name(), attempt.connection().id(), reason);
    }

    /** What it is called among others. */
    String name() {
        return connection.isEmpty() ? target : target + "@" + connection;
    }

    void write(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("target", target);
        if (!connection.isEmpty()) {
            out.writeStringProperty("connection", connection);
        }
        out.writeStringProperty("state", "missing");
        out.writeStringProperty("reason", reason);
        out.writeEndObject();
    }
}
