package io.omniroute.sandbox;

/** The vendor refuses a request. Carries no stack. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient VendorError error;

    Refusal(VendorError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    VendorError error() {
        return error;
    }
}
