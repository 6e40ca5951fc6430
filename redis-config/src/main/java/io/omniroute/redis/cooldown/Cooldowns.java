package io.omniroute.redis.cooldown;

import io.omniroute.redis.Background;
import io.omniroute.redis.Insisting;
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
     * @param confirmed whether Redis itself has told of it
     */
    private record Known(long since, long until, int count, String reason, boolean confirmed) {}

    /** @param told whether Redis knows it, too */
    private record Ended(int count, long at, boolean told) {}

    /** What the subject of a provider's breaker begins with: there are few of these, and all of them count. */
    public static final String PROVIDER = "breaker:";

    private static final long NEWS_ON_THE_WAY = Duration.ofMillis(250).toNanos();

    private final CooldownStore store;
    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    /** What this instance has just seen working, with the rest that it has ended: of that, news may still be on the way. */
    private final Map<String, Ended> ended = new ConcurrentHashMap<>();

    /** When the last rest of all that are known is over, at the latest. */
    private volatile long latestEnd;

    private final List<Consumer<Cooldown>> listeners = new CopyOnWriteArrayList<>();

    /** @param nanoTime the monotonic clock */
    public Cooldowns(CooldownStore store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.latestEnd = nanoTime.getAsLong();
    }

    /** Has somebody told of every change that is heard of; called on a thread of Redis' connection. */
    public void onChange(Consumer<Cooldown> listener) {
        listeners.add(listener);
    }

    /** Whether nothing rests. */
    public boolean isEmpty() {
        return known.isEmpty() || latestEnd - nanoTime.getAsLong() <= 0;
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

    /**
     * Lets something rest from now on, here at once and elsewhere as soon as Redis has told it. Returns at once. A failure of what had begun
     * before the last rest is one of those that the rest was for.
     *
     * @param begunAt when what has failed began, by the monotonic clock
     */
    public void cool(String subject, Backoff backoff, @Nullable Duration asked, String reason, long begunAt) {
        Known before = known.get(subject);
        boolean straggler = asked == null && before != null && begunAt - before.since() < 0;
        if (straggler || !left(subject).isZero()) {
            return;
        }
        ended.remove(subject);
        int count = before == null ? 0 : before.count();
        Duration here = asked == null ? backoff.after(count) : asked;
        boolean noted = note(new Cooldown(subject, here, count + 1, reason), false);
        Insisting.on(Mono.defer(() -> noted && left(subject).isZero()
                        ? Mono.<Cooldown>empty() // it works again meanwhile, or rested for less than Redis was away
                        : store.cool(subject, backoff, asked == null || !noted ? asked : left(subject), reason)))
                .subscribe(
                        rest -> {
                            if (rest.count() > 0) {
                                note(rest, true);
                            }
                        },
                        away -> {
                            defects().note(away);
                            LOG.debug("a cooldown could not be shared: {}", away.toString());
                        });
    }

    /**
     * Notes that something works: it need not rest any more. Returns at once, and costs nothing for what never rested.
     *
     * @param begunAt when the call began, by the monotonic clock: one that is older than the rest says nothing
     */
    public void works(String subject, long begunAt) {
        Known rest = known.get(subject);
        if (rest == null || begunAt - rest.since() < 0) {
            return;
        }
        // news may come at the same moment: it finds either the rest or that it has ended
        @Nullable Ended[] over = new Ended[1];
        known.computeIfPresent(subject, (same, now) -> {
            if (begunAt - now.since() < 0) {
                return now;
            }
            Ended end = new Ended(now.count(), nanoTime.getAsLong(), false);
            ended.put(subject, end);
            over[0] = end;
            return null;
        });
        Ended end = over[0];
        if (end != null) {
            tell(subject, end);
        }
    }

    /** Until Redis knows that a rest has ended, what it tells of that rest is old news. */
    private void tell(String subject, Ended end) {
        Insisting.on(Mono.defer(() -> ended.get(subject) == end ? store.end(subject) : Mono.<Void>empty()))
                .subscribe(
                        done -> {},
                        away -> {
                            ended.remove(subject, end);
                            defects().note(away);
                            LOG.debug("a cooldown could not be ended: {}", away.toString());
                        },
                        () -> ended.replace(subject, end, new Ended(end.count(), nanoTime.getAsLong(), true)));
    }

    @Override
    protected Disposable begin() {
        Flux<?> polls = Flux.interval(Duration.ZERO, PERIOD)
                .onBackpressureDrop()
                .concatMap(tick -> replaced().onErrorResume(this::goOn), 1);
        Flux<?> pushes = subscribed(() -> store.pushes().doOnNext(this::pushed), FIRST_PAUSE);
        return goesOn(Flux.merge(polls, pushes));
    }

    private Mono<List<Cooldown>> replaced() {
        return Mono.defer(() -> {
            long asked = nanoTime.getAsLong();
            return store.all().doOnNext(all -> replace(all, asked));
        });
    }

    /**
     * Notes a rest, if there is room for it and it is no old news.
     *
     * @param confirmed whether Redis has told it
     */
    private boolean note(Cooldown rest, boolean confirmed) {
        if (rest.count() == 0) {
            known.remove(rest.subject());
            return true;
        }
        if (hasJustEnded(rest)) {
            LOG.debug("old news of {}", rest.subject());
            return false;
        }
        if (known.size() < MOST
                || known.containsKey(rest.subject())
                || rest.subject().indexOf('/') < 0) {
            known.compute(rest.subject(), (subject, before) -> {
                if (hasJustEnded(rest)) {
                    LOG.debug("old news of {}", subject);
                    return before;
                }
                long now = nanoTime.getAsLong();
                long since = before != null && before.count() == rest.count() ? before.since() : now;
                long until = now + rest.left().toNanos();
                // before it can be found, so that nobody takes it for one that is over
                extendTo(until);
                return new Known(since, until, rest.count(), rest.reason(), confirmed);
            });
            return true;
        }
        return false;
    }

    private synchronized void extendTo(long until) {
        if (until - latestEnd > 0) {
            latestEnd = until;
        }
    }

    private boolean hasJustEnded(Cooldown rest) {
        Ended end = ended.get(rest.subject());
        if (end == null) {
            return false;
        }
        if (end.told() && nanoTime.getAsLong() - end.at() > NEWS_ON_THE_WAY) {
            ended.remove(rest.subject(), end);
            return false;
        }
        return end.count() == rest.count();
    }

    private void pushed(Cooldown rest) {
        if (note(rest, true)) {
            listeners.forEach(listener -> listener.accept(rest));
        }
    }

    /**
     * What Redis does not know any more is over.
     *
     * @param asked when Redis was asked, which cannot know what was noted later
     */
    private void replace(List<Cooldown> all, long asked) {
        ended.values().removeIf(end -> end.told() && asked - end.at() > NEWS_ON_THE_WAY);
        Map<String, Cooldown> there = new HashMap<>();
        all.forEach(rest -> there.put(rest.subject(), rest));
        known.forEach((subject, rest) -> {
            boolean ended = rest.confirmed() && rest.since() - asked < 0;
            boolean over = rest.until() - nanoTime.getAsLong() <= 0;
            if (!there.containsKey(subject) && (ended || over) && known.remove(subject, rest) && ended) {
                listeners.forEach(listener -> listener.accept(new Cooldown(subject, Duration.ZERO, 0, "-")));
            }
        });
        there.values().forEach(rest -> {
            Known before = known.get(rest.subject());
            if (before == null || before.count() != rest.count()) {
                pushed(rest);
            } else {
                note(rest, true);
            }
        });
    }
}
