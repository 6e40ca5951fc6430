package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.redis.routing.Quota;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What is known of targets. What is not known is empty, and never nought. Answers at once. */
public interface TargetKnowledge {

    /** The same for a choice from accounts, whose calls count together whatever their models. */
    default TargetKnowledge ofAccounts() {
        return this;
    }

    /** Micro-dollars for a million tokens of input. */
    OptionalLong inputPrice(Target target);

    /** Micro-dollars for a million tokens of output. */
    OptionalLong outputPrice(Target target);

    /** Whether it works: 1, half while one call tries it again, 0 if it rests. */
    double health(Target target);

    /** How good it is at a task, from 0 to 1. */
    OptionalDouble fit(Target target, String task);

    /** What the factors of scores count. */
    AutoScores scores();

    /** How many tokens fit into its context window. */
    OptionalLong contextWindow(Target target);

    /** How often it was called in the last quarter of an hour, over all instances. */
    long calls(Target target);

    /** Which share of those calls it has answered, from 0 to 1. */
    OptionalDouble successRate(Target target);

    /** How long it takes to answer, in nanoseconds, its latest peaks weighing most. */
    OptionalDouble latency(Target target);

    /** Within which time 95 of a hundred of its answers of the last quarter of an hour came, in nanoseconds. */
    OptionalDouble tailLatency(Target target);

    /** How many calls of it run: in this instance now, in the others a second or two ago. */
    int running(Target target);

    /** What is left of the limits of its account, or of the account with most left; nothing if nothing is known. */
    List<Quota> quotas(Target target);

    /** How many accounts can call it. */
    int accounts(Target target);

    /** What time it is. */
    Instant now();

    /** A number that stays the same while what follows from what is known need not be worked out again, a quarter of a second. */
    long moment();

    /** Whether it is the one that has answered the combo last. */
    boolean answeredLast(String combo, Target target);
}
