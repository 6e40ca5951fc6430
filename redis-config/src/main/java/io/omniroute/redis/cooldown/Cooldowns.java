package io.omniroute.redis.cooldown;

import io.omniroute.redis.Background;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What rests, as this instance knows it: pushed by the instance that noticed, and read anew every 800 ms, so that it is known within
 * a second even where the push is lost. Asking takes no trip to Redis. While Redis is away an instance still lets rest what it sees failing itself. Thread-safe.
 */
public final class Cooldowns extends Background {

    private static final Logger LOG = LoggerFactory.getLogger(Cooldowns.class);
    private static final Duration PERIOD = Duration.ofMillis(800);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(400);
    private static final int MOST = 10_000;

    /**
     * @param since when it was heard of, by the monotonic clock
     * @param until by the same
     */
    private record Known(long since, long until, int count, String reason) {}

    private final CooldownStore store;
    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final List<Consumer<Cooldown>> listeners = new CopyOnWriteArrayList<>();

    /** @param nanoTime the monotonic clock */
    public Cooldowns(CooldownStore store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** Has somebody told of every change that is heard of; called on a thread of Redis' connection. */
    public void onChange(Consumer<Cooldown> listener) {
        listeners.add(listener);
    }

    /** Whether nothing has rested lately. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** How long something is still to rest; zero if it is not. */
    public Duration left(String subject) {
        Known rest = known.get(subject);
        long left = rest == null ? 0 : rest.until() - nanoTime.getAsLong();
        return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    /** Why something rests, or rested last; {@code null} if that is not known. */
    public @Nullable String reason(String subject) {
        Known rest = known.get(subject);
        return rest == null ? null : rest.reason();
    }

    /** Lets something rest from now on, here at once and elsewhere as soon as Redis has told it. Returns at once. */
    public void cool(String subject, Backoff backoff, @Nullable Duration asked, String reason) {
        if (!left(subject).isZero()) {
            return;
        }
        Known before = known.get(subject);
        int count = before == null ? 0 : before.count();
        Duration here = asked == null ? backoff.after(count) : asked;
        note(new Cooldown(subject, here, count + 1, reason));
        store.cool(subject, backoff, asked, reason)
                .subscribe(this::note, away -> LOG.debug("a cooldown could not be shared: {}", away.toString()));
    }

    /**
     * Notes that something works: it need not rest any more. Returns at once, and costs nothing for what never rested.
     *
     * @param begunAt when the call began, by the monotonic clock: one that is older than the rest says nothing
     */
    public void works(String subject, long begunAt) {
        Known rest = known.get(subject);
        if (rest != null && begunAt - rest.since() >= 0 && known.remove(subject, rest)) {
            store.end(subject)
                    .subscribe(done -> {}, away -> LOG.debug("a cooldown could not be ended: {}", away.toString()));
        }
    }

    @Override
    protected Disposable begin() {
        Flux<?> polls = Flux.interval(Duration.ZERO, PERIOD)
                .onBackpressureDrop()
                .concatMap(tick -> store.all().doOnNext(this::replace).onErrorResume(away -> Mono.empty()), 1);
        Flux<?> pushes = subscribed(() -> store.pushes().doOnNext(this::pushed), FIRST_PAUSE);
        return Flux.merge(polls, pushes).subscribe();
    }

    private void note(Cooldown rest) {
        if (rest.count() == 0) {
            known.remove(rest.subject());
        } else if (known.size() < MOST || known.containsKey(rest.subject())) {
            long now = nanoTime.getAsLong();
            Known before = known.get(rest.subject());
            long since = before != null && before.count() == rest.count() ? before.since() : now;
            known.put(rest.subject(), new Known(since, now + rest.left().toNanos(), rest.count(), rest.reason()));
        }
    }

    private void pushed(Cooldown rest) {
        note(rest);
        listeners.forEach(listener -> listener.accept(rest));
    }

    /** What Redis does not know any more is over. */
    private void replace(List<Cooldown> all) {
        Map<String, Cooldown> there = new HashMap<>();
        all.forEach(rest -> there.put(rest.subject(), rest));
        known.entrySet()
                .removeIf(entry ->
                        !there.containsKey(entry.getKey()) && entry.getValue().until() - nanoTime.getAsLong() <= 0);
        there.values().forEach(rest -> {
            Known before = known.get(rest.subject());
            if (before == null || before.count() != rest.count()) {
                pushed(rest);
            } else {
                note(rest);
            }
        });
    }
}
