package io.omniroute.redis.pacing;

import io.omniroute.config.Pace;
import io.omniroute.redis.Insisting;
import io.omniroute.redis.PeriodicExchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets calls of accounts through at their paces, over all instances. An account without a pace costs nothing; one with a pace costs a trip
 * to Redis a call. A running call holds a lease, which an instance that dies does not prolong. While Redis is away calls go as they
 * come: the pace spares a provider, and does not guard money. Thread-safe.
 */
public final class Paces extends PeriodicExchange {

    private static final int AT_A_TIME = 32;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final PaceStore store;
    private final String instance = UUID.randomUUID().toString();
    private final AtomicLong calls = new AtomicLong();
    private final Map<String, Set<String>> held = new ConcurrentHashMap<>();

    public Paces(PaceStore store) {
        super(PERIOD, PERIOD);
        this.store = store;
    }

    /**
     * Whether a call of an account may go.
     *
     * @param delay zero if it may, else how long it should wait before it asks again
     * @param lease what to give back when it ends; empty if nothing is held
     */
    public record Answer(Duration delay, String lease) {

        /** Whether it may. */
        public boolean mayGo() {
            return delay.isZero();
        }
    }

    /**
     * Asks whether a call may go; if it may, it holds a lease from here on, where only so many may run at a time.
     *
     * @param waits whether it will ask again if it may not
     */
    public Mono<Answer> ask(String account, Pace pace, boolean waits) {
        return Mono.defer(() -> {
            String lease = instance + ":" + calls.incrementAndGet();
            Set<String> ofAccount = held.computeIfAbsent(account, first -> ConcurrentHashMap.newKeySet());
            AtomicBoolean answered = new AtomicBoolean();
            return store.admit(account, pace, lease, LEASE, waits)
                    .onErrorResume(away -> defects().goOn(away, Duration.ZERO))
                    .doOnNext(wait -> answered.set(true))
                    // a client that has left before the answer was read must not hold anything
                    .doOnCancel(() -> {
                        if (!answered.get()) {
                            release(account, lease);
                        }
                    })
                    .map(wait -> {
                        boolean holds = wait.isZero() && pace.concurrent() > 0;
                        if (holds) {
                            ofAccount.add(lease);
                        }
                        return new Answer(wait, holds ? lease : "");
                    });
        });
    }

    /** The call has ended. Nobody waits for it. Idempotent. */
    public void giveBack(String account, String lease) {
        Set<String> ofAccount = held.get(account);
        if (ofAccount != null && ofAccount.remove(lease)) {
            release(account, lease);
        }
    }

    private void release(String account, String lease) {
        Insisting.on(store.release(account, lease)).subscribe(done -> {}, defects()::note);
    }

    @Override
    protected Mono<Void> exchange() {
        return Flux.fromIterable(held.entrySet())
                .filter(account -> !account.getValue().isEmpty())
                .flatMap(account -> prolonged(account.getKey(), account.getValue()), AT_A_TIME)
                .then();
    }

    /** A call that ends meanwhile has given its lease back before it was prolonged, perhaps. */
    private Mono<Void> prolonged(String account, Set<String> ofAccount) {
        List<String> leases = List.copyOf(ofAccount);
        return store.prolong(account, leases, LEASE)
                .then(Flux.fromIterable(leases)
                        .filter(lease -> !ofAccount.contains(lease))
                        .concatMap(lease -> store.release(account, lease))
                        .then())
                .onErrorResume(this::goOn);
    }
}
