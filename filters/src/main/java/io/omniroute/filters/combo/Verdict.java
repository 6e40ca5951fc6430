package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.UpstreamFailures;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** Tells the breaker the result of one call: the first that is told counts, and none of a call that began before the breaker last opened. */
final class Verdict {

    private final Sinks.@Nullable One<Boolean> told;
    private final BooleanSupplier counts;
    private final AtomicInteger failing;
    private Probes.@Nullable Probe probe;

    /**
     * @param told the breaker, if it lets the call through and is told of it
     * @param counts whether the breaker has not opened since the call began
     * @param failing how many failures the breaker is being told of
     */
    Verdict(Sinks.@Nullable One<Boolean> told, BooleanSupplier counts, AtomicInteger failing) {
        this.told = told;
        this.counts = counts;
        this.failing = failing;
    }

    /** That of a call that no breaker is told of. */
    static Verdict none() {
        return new Verdict(null, () -> true, new AtomicInteger());
    }

    /** Whether no breaker is told of the call. */
    boolean isNone() {
        return told == null;
    }

    /** This call is the one that tries again. */
    Verdict of(Probes.Probe tries) {
        probe = tries;
        return this;
    }

    /** The provider has begun to answer. */
    void answers() {
        if (told != null && counts.getAsBoolean()) {
            told.tryEmitValue(true);
        }
        over();
    }

    /** The call has failed. */
    void fails(ApiError error) {
        if (told != null && counts.getAsBoolean()) {
            boolean bad = isOfTheProvider(error);
            failing.addAndGet(bad ? 1 : 0);
            told.tryEmitError(bad ? error.exception() : Neither.IT);
            failing.addAndGet(bad ? -1 : 0);
            over(bad);
        } else {
            over();
        }
    }

    /** The call ends without a result, cancelled for one: its permit of a half-open breaker is free again. */
    void leaves() {
        if (told != null && counts.getAsBoolean()) {
            told.tryEmitError(Neither.IT);
        }
        over();
    }

    private void over() {
        over(false);
    }

    private void over(boolean failed) {
        Probes.Probe tried = probe;
        if (tried != null) {
            probe = null;
            tried.over(failed);
        }
    }

    /** A limit of calls, a credential or a model is not the provider, and nor are the gateway's own connections. */
    private static boolean isOfTheProvider(ApiError error) {
        boolean broken = error.kind() == ErrorKind.UPSTREAM_ERROR
                || error.kind() == ErrorKind.TIMEOUT
                || error.kind() == ErrorKind.OVERLOADED;
        boolean silent = error.kind() == ErrorKind.TIMEOUT && error.scope() == ErrorScope.MODEL;
        return broken
                && (error.scope() == ErrorScope.PROVIDER || silent)
                && !UpstreamFailures.NO_CONNECTION.equals(error.code())
                // it has let go of a connection that it had kept, which it may
                && !UpstreamFailures.KEPT.equals(error.code());
    }

    /** Neither good nor bad for the provider. */
    static final class Neither extends RuntimeException {

        private static final long serialVersionUID = 1;
        /** Without a trace, so that one is enough for all. */
        private static final Neither IT = new Neither();

        private Neither() {
            super("no verdict", null, false, false);
        }
    }
}
