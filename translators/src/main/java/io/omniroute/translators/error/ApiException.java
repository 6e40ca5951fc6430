package io.omniroute.translators.error;

/** An {@link ApiError} on its way to the client. Expected, so it carries no stack. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    public ApiException(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** What went wrong. */
    public ApiError error() {
        return error;
    }
}
