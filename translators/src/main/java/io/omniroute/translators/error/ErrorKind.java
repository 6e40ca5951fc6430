package io.omniroute.translators.error;

import java.util.Locale;

/** The kinds of failure that a client can be told about, each with the HTTP status that goes with it. */
public enum ErrorKind {
    INVALID_REQUEST(400),
    CONTEXT_TOO_LONG(400),
    CONTENT_POLICY(400),
    UNAUTHENTICATED(401),
    PERMISSION_DENIED(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    /** A client took too long to send what it wanted. */
    REQUEST_TIMEOUT(408),
    CONFLICT(409),
    TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    UNPROCESSABLE(422),
    /** A client wants to speak another protocol first. */
    UPGRADE_REQUIRED(426),
    RATE_LIMITED(429),
    BUDGET_EXCEEDED(429),
    UPSTREAM_ERROR(502),
    /** A provider refused the gateway's own credential; never shown as the client's 401. */
    UPSTREAM_AUTH(502),
    /** The gateway's account at a provider is out of credit; never shown as the client's 402. */
    UPSTREAM_QUOTA(502),
    OVERLOADED(503),
    TIMEOUT(504),
    INTERNAL(500);

    private final int status;
    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    ErrorKind(int status) {
        this.status = status;
    }

    /** The name in configuration, logs and records, such as {@code rate-limited}. */
    public String id() {
        return id;
    }

    /** The HTTP status of this kind, as the gateway answers it. */
    public int status() {
        return status;
    }
}
