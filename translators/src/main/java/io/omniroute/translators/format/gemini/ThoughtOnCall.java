package io.omniroute.translators.format.gemini;

import io.omniroute.translators.model.Opaque;
import org.jspecify.annotations.Nullable;

/**
 * What another vendor's model has thought before it calls, for the call to bring back: all of it or nothing, for half of it would be refused.
 * One per candidate; not thread-safe.
 */
final class ThoughtOnCall {

    private int thoughts;
    private boolean said;
    private boolean saidBefore;
    private @Nullable Opaque carried;

    /** Something is said. */
    void says() {
        said = true;
        if (carried != null && saidBefore) {
            // stands between what was said, for which a call has no place
            carried = null;
        }
    }

    /** A thought that is shown has ended. */
    void shown(String text, @Nullable Opaque signature) {
        thoughts++;
        saidBefore = said;
        Opaque signed = signature == null ? Signatures.UNSIGNED : signature;
        carried = thoughts > 1 ? null : Signatures.onCall(text, signed, !said);
    }

    /** A thought that is not shown. */
    void hidden() {
        thoughts++;
        carried = null;
    }

    /** Whether there is one thought at most, so that it may stand on the call. */
    boolean isAlone() {
        return thoughts < 2;
    }

    /** A call: what stands on it, if nothing else does. */
    @Nullable
    Opaque calls() {
        Opaque onCall = carried;
        carried = null;
        thoughts = 0;
        said = false;
        return onCall;
    }
}
