package io.omniroute.translators.error;

/** How far a failure reaches: what else would fail in the same way. Fallback is decided on it. */
public enum ErrorScope {
    /** The request itself is at fault; another target would refuse it too. */
    REQUEST,
    /** This model at this provider. */
    MODEL,
    /** This credential (account) at this provider. */
    CONNECTION,
    /** The provider as a whole. */
    PROVIDER
}
