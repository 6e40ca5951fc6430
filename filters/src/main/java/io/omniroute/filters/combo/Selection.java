package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a strategy chooses from, and by.
 *
 * @param combo whose targets they are
 * @param targets at least one, in the order in which they are listed
 * @param known what is known of them
 * @param turn which call of this combo it is, over all instances, from 0; 0 for strategies that take no turns
 * @param affinity a text that calls have in common whose prompts begin alike, or that belong to one conversation
 * @param task what the call is about; empty where nobody knows, or the strategy does not ask
 * @param random where chance comes from
 */
public record Selection(
        Combo combo,
        List<Target> targets,
        TargetKnowledge known,
        long turn,
        String affinity,
        String task,
        RandomGenerator random) {

    public Selection {
        targets = List.copyOf(targets);
    }

    /** The same choice from other targets. */
    Selection with(List<Target> others) {
        return new Selection(combo, others, known, turn, affinity, task, random);
    }

    /** The targets by what is known of them now, the least first; those that are alike stay as they are. It is asked once for each. */
    List<Target> sortedBy(ToDoubleFunction<Target> known) {
        double[] values = targets.stream().mapToDouble(known).toArray();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> values[place]))
                .map(targets::get)
                .toList();
    }

    /** The targets by this order, which must stay what it is meanwhile; those that are alike stay as they are listed. */
    List<Target> sorted(Comparator<Target> order) {
        return targets.stream().sorted(order).toList();
    }

    /** The targets with the first that is meant before all others. */
    List<Target> first(Predicate<Target> meant) {
        List<Target> ordered = new ArrayList<>(targets);
        for (int i = 0; i < ordered.size(); i++) {
            if (meant.test(ordered.get(i))) {
                ordered.addFirst(ordered.remove(i));
                break;
            }
        }
        return ordered;
    }
}
