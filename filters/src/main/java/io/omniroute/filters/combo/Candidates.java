package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is left to try for a call, and why the rest is not tried. First comes what works as far as anybody knows, in the combo's order;
 * when none of it has answered, what may rest for another's sake, and one more try of what will have rested soonest. One per call; used by one attempt at a time.
 */
final class Candidates {

    /** Why something is not tried that is as busy as it may be. */
    static final String SATURATED = "saturated";

    /** Ends that are no further apart than this are those of one rest, read one after the other. */
    private static final Duration SAME = Duration.ofMillis(100);

    private final Deque<Attempt> left;
    private final Map<String, String> excluded = new LinkedHashMap<>();
    /** What works, but is as busy as it may be. */
    private final Deque<Attempt> busy = new ArrayDeque<>();

    /** What rests because another model of its account was over a limit. */
    private final Deque<Attempt> late = new ArrayDeque<>();

    private @Nullable Attempt lastResort;
    private boolean spares;
    private final int poolSize;
    private Duration soonest = Duration.ZERO;
    private Duration rested = Duration.ZERO;

    Candidates(List<Attempt> attempts, Obstacles obstacles) {
        poolSize = attempts.size();
        left = new ArrayDeque<>(poolSize);
        for (int i = 0; i < poolSize; i++) {
            Attempt attempt = attempts.get(i);
            Obstacles.Obstacle obstacle = obstacles.of(i);
            if (obstacle == null) {
                left.add(attempt);
                continue;
            }
            exclude(attempt, obstacle.reason());
            Duration rests = obstacle.rests();
            if (obstacle.ofAnother() && late.stream().noneMatch(other -> isSameAccount(attempt, other))) {
                // of an account that rests one model is tried: the next call tries the next one
                late.add(attempt);
            } else if (!obstacle.unfit()
                    && (lastResort == null || rests.plus(SAME).compareTo(soonest) < 0)) {
                lastResort = attempt;
                soonest = rests;
            }
            boolean ends = !obstacle.unfit() && !Failures.lasts(obstacle.reason());
            if (ends && (rested.isZero() || rests.compareTo(rested) < 0)) {
                rested = rests;
            }
        }
    }

    /**
     * How long it is until something has rested that works then, as far as anybody knows, if everything rests; zero if something may be
     * tried, or nothing is worth waiting for.
     */
    Duration untilRested() {
        return left.isEmpty() && late.isEmpty() ? rested : Duration.ZERO;
    }

    /** How many attempts there could have been. */
    int poolSize() {
        return poolSize;
    }

    /** What was not tried, with a word for why. */
    Map<String, String> excluded() {
        return excluded;
    }

    /** The next to try; {@code null} if nothing is left. */
    @Nullable
    Attempt next() {
        Attempt next = beforeLastResort();
        if (next == null && lastResort != null) {
            next = lastResort;
            lastResort = null;
            excluded.remove(next.name());
        }
        return next;
    }

    /** The next to try that may work as far as anybody knows; {@code null} if nothing is left but perhaps a last resort. */
    @Nullable
    Attempt beforeLastResort() {
        Attempt next = left.poll();
        if (next == null) {
            next = busy.poll();
        }
        if (next == null) {
            next = late.poll();
        }
        if (next != null) {
            excluded.remove(next.name());
        }
        return next;
    }

    /** Puts something off that is as busy as it may be, for the next that is not known to be; {@code null} if there is none. */
    @Nullable
    Attempt insteadOf(Attempt saturated) {
        Attempt next = left.poll();
        if (next != null) {
            postpone(saturated);
        }
        return next;
    }

    /**
     * What is to be waited for, where everything that is left is as busy as it may be: what is free soonest, and the first of several such.
     * The others stay put off.
     *
     * @param last what was found to be so last
     * @param time how long it is expected to take
     */
    Attempt toWaitFor(Attempt last, ToLongFunction<Attempt> time) {
        Attempt soonest = last;
        for (Attempt other : busy.reversed()) {
            if (time.applyAsLong(other) <= time.applyAsLong(soonest)) {
                soonest = other;
            }
        }
        if (soonest != last) {
            busy.remove(soonest);
            excluded.remove(soonest.name());
            postpone(last);
        }
        return soonest;
    }

    /** Puts something off until nothing else is left. */
    void postpone(Attempt saturated) {
        busy.add(saturated);
        exclude(saturated, SATURATED);
    }

    /** The next to try beside others: at another account, of a provider that works; {@code null} if there is none. */
    @Nullable
    Attempt beside(List<Attempt> running, ProviderBreakers breakers) {
        for (Attempt attempt : left) {
            boolean sameAccount = running.stream().anyMatch(one -> one.account().equals(attempt.account()));
            if (!sameAccount && breakers.isClosed(attempt.provider().id())) {
                left.remove(attempt);
                return attempt;
            }
        }
        return null;
    }

    /** Skips a target whose provider another call probes; kept as the last resort. */
    void spare(Attempt attempt, String why) {
        if (!spares) {
            // its provider may be back, which what rests is known not to be
            spares = true;
            lastResort = attempt;
        }
        exclude(attempt, why);
    }

    /** Notes that something is not tried. */
    void exclude(Attempt attempt, String why) {
        excluded.put(attempt.name(), why);
    }

    /** Whether something is left that may work, beside a last resort. */
    boolean hasReady() {
        return !left.isEmpty() || !busy.isEmpty();
    }

    /** Whether nothing else is left, not even as a last resort. */
    boolean isEmpty() {
        return left.isEmpty() && busy.isEmpty() && late.isEmpty() && lastResort == null;
    }

    /**
     * What would fail in the same way is not tried; what may fail in the same way, only after all others: another account of a provider
     * that failed as a whole, or where the model is overloaded or not known, and another model of an account that is over a limit, which may be the
     * limit of one model.
     */
    void failed(Attempt attempt, ApiError error) {
        busy.removeIf(other -> wouldFailToo(attempt, other, error) && !mayWork(attempt, other, error));
        late.removeIf(other -> wouldFailToo(attempt, other, error) && !mayWork(attempt, other, error));
        List<Attempt> same = left.stream()
                .filter(other -> wouldFailToo(attempt, other, error))
                .toList();
        left.removeAll(same);
        Attempt resting = lastResort;
        if (resting != null && wouldFailToo(attempt, resting, error) && !mayWork(attempt, resting, error)) {
            lastResort = null;
        }
        for (Attempt other : same) {
            if (mayWork(attempt, other, error)) {
                left.add(other);
            } else {
                exclude(other, error.kind().id());
            }
        }
    }

    private static boolean mayWork(Attempt attempt, Attempt other, ApiError error) {
        return switch (error.scope()) {
            case PROVIDER -> true;
            case CONNECTION ->
                error.kind() == ErrorKind.RATE_LIMITED
                        && !attempt.target().model().equals(other.target().model());
            // what one account may not call, or has no room for, another may
            case MODEL -> !isSameAccount(attempt, other) && !error.isOfTheRequest();
            case REQUEST -> false;
        };
    }

    private static boolean isSameAccount(Attempt attempt, Attempt other) {
        return attempt.provider().id().equals(other.provider().id())
                && attempt.connection().id().equals(other.connection().id());
    }

    private static boolean wouldFailToo(Attempt attempt, Attempt other, ApiError error) {
        boolean sameProvider = attempt.provider().id().equals(other.provider().id());
        boolean sameAccount = isSameAccount(attempt, other);
        boolean sameModel =
                sameProvider && attempt.target().model().equals(other.target().model());
        return switch (error.scope()) {
            case REQUEST -> sameModel;
            case CONNECTION -> sameAccount;
            case MODEL ->
                sameModel
                        && (sameAccount
                                || error.isOfTheRequest()
                                || error.kind() == ErrorKind.NOT_FOUND
                                || error.kind() == ErrorKind.OVERLOADED);
            case PROVIDER -> sameProvider;
        };
    }
}
