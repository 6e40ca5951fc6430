package io.omniroute.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/** Draws by weight. */
public final class Weighted {

    private Weighted() {}

    /**
     * All of them, each place drawn from those that are left: a weight of two comes first twice as often as a weight of one. What has no
     * weight comes last, in its order; if nothing has one, all are alike.
     */
    public static <T> List<T> order(List<T> all, ToIntFunction<T> weight, RandomGenerator random) {
        List<T> left = new ArrayList<>(all);
        long total = left.stream()
                .mapToLong(one -> Math.max(0, weight.applyAsInt(one)))
                .sum();
        boolean alike = total == 0;
        total = alike ? left.size() : total;
        List<T> ordered = new ArrayList<>(all.size());
        while (total > 0) {
            long drawn = random.nextLong(total);
            int at = 0;
            long passed = share(left.get(0), weight, alike);
            while (passed <= drawn) {
                passed += share(left.get(++at), weight, alike);
            }
            T next = left.remove(at);
            ordered.add(next);
            total -= share(next, weight, alike);
        }
        ordered.addAll(left);
        return ordered;
    }

    private static <T> long share(T one, ToIntFunction<T> weight, boolean alike) {
        return alike ? 1 : Math.max(0, weight.applyAsInt(one));
    }
}
