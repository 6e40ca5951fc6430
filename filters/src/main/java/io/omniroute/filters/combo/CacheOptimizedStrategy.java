package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.Comparator;
import java.util.List;

/**
 * {@code cache-optimized}: calls whose prompts begin alike go to the same target, whose prompt cache then knows them; by rendezvous
 * hashing, so that a target more or less moves few of them.
 */
public final class CacheOptimizedStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return selection.sorted(Comparator.comparingLong((Target target) -> weight(selection.affinity(), target))
                .reversed());
    }

    @Override
    public boolean keepsTogether() {
        return true;
    }

    /** A prompt cache is one account's. */
    private static String place(Target target) {
        return target.connection().map(account -> target.name() + "@" + account).orElseGet(target::name);
    }

    /** The finaliser of SplitMix64 over both hashes: alike for all instances, and as good as chance. */
    private static long weight(String affinity, Target target) {
        long mixed = 0x9E3779B97F4A7C15L * (affinity.hashCode() + 1L)
                ^ ((long) place(target).hashCode() << 17);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
