package io.omniroute.filters.combo;

import io.omniroute.redis.Defects;
import io.omniroute.redis.routing.RoutingStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The tries of providers that were left alone: of the calls of all instances one at a time makes one. Nobody waits for what is told of them.
 * Thread-safe.
 */
final class Probes {

    /** A whole answer may be waited for for ten minutes; a try whose end nobody tells is over then, too. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private final RoutingStore store;
    private final Duration untilKnown;
    private final Defects defects = new Defects(Probes.class);

    /** @param untilKnown how long it takes at most until all instances know that one has failed */
    Probes(RoutingStore store, Duration untilKnown) {
        this.store = store;
        this.untilKnown = untilKnown;
    }

    /** Whether a call may try a provider; each may while Redis is away. */
    Mono<Boolean> may(String provider, String call) {
        AtomicBoolean answered = new AtomicBoolean();
        return store.mayProbe(provider, call)
                .onErrorResume(away -> defects.goOn(away, true))
                .doOnNext(may -> answered.set(true))
                // a client that leaves meanwhile must not keep all others from trying
                .doOnCancel(() -> {
                    if (!answered.get()) {
                        notMade(provider, call);
                    }
                });
    }

    /** A call that may try does not. */
    void notMade(String provider, String call) {
        tell(store.probed(provider, call));
    }

    /** A call that may try does. */
    Probe begin(String provider, String call) {
        return new Probe(provider, call);
    }

    private void tell(Mono<Void> news) {
        news.subscribe(done -> {}, defects::note);
    }

    /** A try that goes on. */
    final class Probe {

        private final String provider;
        private final String call;
        private final Disposable lasting;

        private Probe(String provider, String call) {
            this.provider = provider;
            this.call = call;
            this.lasting = Flux.interval(RoutingStore.PROBE.dividedBy(3))
                    .take(LONGEST)
                    .onBackpressureDrop()
                    .concatMap(tick -> store.probing(provider, call).onErrorResume(defects::goOn))
                    .subscribe(done -> {}, defects::note);
        }

        /** @param failed whether others must not try again: they hear of it a little later than this instance */
        void over(boolean failed) {
            lasting.dispose();
            tell(failed ? store.probeFailed(provider, call, untilKnown) : store.probed(provider, call));
        }
    }
}
