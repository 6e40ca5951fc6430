package io.omniroute.config;

import java.util.ArrayList;
import java.util.Comparator;
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
        List<Drawn<T>> drawn = new ArrayList<>(all.size());
        List<T> last = new ArrayList<>();
        boolean alike = all.stream().allMatch(one -> weight.applyAsInt(one) <= 0);
        for (T one : all) {
            int weighs = alike ? 1 : weight.applyAsInt(one);
            if (weighs > 0) {
                drawn.add(new Drawn<>(one, -Math.log(1 - random.nextDouble()) / weighs));
            } else {
                last.add(one);
            }
        }
        drawn.sort(Comparator.comparingDouble(Drawn::time));
        List<T> ordered = new ArrayList<>(all.size());
        drawn.forEach(one -> ordered.add(one.it()));
        ordered.addAll(last);
        return ordered;
    }

    /**
     * What arrives by chance.
     *
     * @param time of the arrival, exponentially distributed by the weight; who is first is as likely as it is heavy
     */
    private record Drawn<T>(T it, double time) {}
}
