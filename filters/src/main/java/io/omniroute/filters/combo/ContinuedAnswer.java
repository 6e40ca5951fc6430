package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.upstream.Continuations;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * The other targets of a combo, which go on with an answer that is cut off: each in a call of its own, which is a part of the call. Whoever was cut off
 * goes on itself only when nobody else is left.
 */
final class ContinuedAnswer implements Continuations {

    private final List<Target> left;
    private final PartCalls parts;
    private int budget;

    /** @param targets in the order in which they are tried */
    ContinuedAnswer(List<Target> targets, PartCalls parts, int budget) {
        this.left = new ArrayList<>(targets);
        this.parts = parts;
        this.budget = budget;
    }

    /** Whether the answer of this call may be gone on with: one stream of a conversation, in which the provider uses no tools of its own. */
    static boolean isFor(Combo combo, Call call) {
        return combo.patience().continuations() > 0
                && call.stream()
                && call.endpoint().operation() == Operation.CHAT
                && call.head().choices() == 1
                && call.head().hostedTools().isEmpty();
    }

    @Override
    public boolean areLeft() {
        return budget > 0;
    }

    @Override
    public Flux<StreamEvent> next(String said, Target cutOff) {
        budget--;
        Target next = left.stream()
                .filter(target -> !target.isSameAs(cutOff))
                .findFirst()
                .orElse(cutOff);
        left.removeIf(next::isSameAs);
        return parts.goOn(next, said);
    }
}
