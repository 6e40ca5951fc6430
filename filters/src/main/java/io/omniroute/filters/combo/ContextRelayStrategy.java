package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.shape.Takeover;
import io.omniroute.redis.conversation.Handoff;
import io.omniroute.redis.routing.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * {@code context-relay}: the targets as they are listed; when a limit of the one in use is nearly used up, a summary of the conversation is made beside
 * the answer, and told to the target that takes over. Needs a conversation that its client names; without one it is {@code priority}.
 */
public final class ContextRelayStrategy implements ComposingStrategy {

    /** A summary that is older says too little of what was last. */
    private static final Duration FRESH = Duration.ofMinutes(30);

    /** With less than this left there may be no time for a summary. */
    private static final double TOO_LATE = 0.05;

    private static final String TOLD = "You take this conversation over from another assistant, who noted:\n\n";

    @Override
    public List<Target> order(Selection selection) {
        return selection.targets();
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    @Override
    public boolean takesTools() {
        return true;
    }

    @Override
    public Mono<Composed> compose(Selection selection, PartCalls parts) {
        Target next = selection.targets().stream()
                .filter(target -> selection.known().health(target) > 0)
                .findFirst()
                .orElseGet(selection.targets()::getFirst);
        return parts.notes()
                .last()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .map(kept -> told(selection, parts, next, kept));
    }

    private static Composed told(Selection selection, PartCalls parts, Target next, Optional<Handoff> kept) {
        boolean ofNext =
                kept.filter(handoff -> handoff.from().equals(next.counted())).isPresent();
        Instant now = selection.known().now();
        // a limit that came back meanwhile is used up again by another conversation than it was then
        boolean old = kept.filter(handoff -> handoff.at() < now.minus(FRESH).toEpochMilli())
                .isPresent();
        boolean due = parts.notes().hasSession() && (!ofNext || old) && isNearlyUsed(selection, next);
        Target writer = selection.combo().panel().judge().orElse(next);
        Mono<Void> beside = due
                ? parts.notes()
                        .write(
                                parts.summary(writer),
                                summary -> new Handoff(next.counted(), now.toEpochMilli(), summary))
                : Mono.empty();
        return new Composed.Told(kept.map(handoff -> new Takeover(handoff.from(), TOLD + handoff.summary())), beside);
    }

    private static boolean isNearlyUsed(Selection selection, Target target) {
        List<Quota> quotas = selection.known().quotas(target);
        double left = quotas.isEmpty()
                ? 1
                : HeadroomStrategy.of(quotas, selection.known().now());
        return left <= 1 - selection.combo().panel().handoffAt() && left > TOO_LATE;
    }
}
