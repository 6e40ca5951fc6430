package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Member;
import io.omniroute.config.Nested;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.redis.routing.Quota;
import io.omniroute.redis.routing.SessionTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Keeps the calls of a session with the account that has answered it, whose prompt cache knows the conversation: where the strategy or the
 * accounts' would choose anew for each call, and as long as that account does not rest and has something left. Thread-safe.
 */
final class Stickiness {

    /** Where less than this is left of an account's limits, its sessions may go elsewhere. */
    private static final double LEAST_LEFT = 0.15;

    private final Experience experience;
    private final NamedStrategies strategies;
    private final Derived<Derived.ComboKey, Boolean> choosing = new Derived<>();

    Stickiness(Experience experience, NamedStrategies strategies) {
        this.experience = experience;
        this.strategies = strategies;
    }

    /** The session of a call as it is remembered; its answer is noted under it. */
    record Held(String key, String account) {}

    /**
     * The session of a call, with the account that has answered it last; empty where there is nothing to keep together.
     *
     * @param named what the client calls the session; may be empty
     */
    Mono<Optional<Held>> of(Catalog catalog, Combo combo, String team, String named) {
        if (named.isEmpty() || !mayHold(catalog, combo)) {
            return Mono.just(Optional.empty());
        }
        String key = SessionTargets.key(team, combo.name(), named);
        return experience.sessions().of(key).map(account -> Optional.of(new Held(key, account)));
    }

    /** Whether this instance knows already which account a session has, so that its call needs no turn. */
    boolean knows(Catalog catalog, Combo combo, String team, String named) {
        return !named.isEmpty()
                && mayHold(catalog, combo)
                && experience
                        .sessions()
                        .here(SessionTargets.key(team, combo.name(), named))
                        .filter(account -> !account.isEmpty())
                        .isPresent();
    }

    /** Whether sessions of a combo stay with an account at all. */
    boolean mayHold(Catalog catalog, Combo combo) {
        return experience.sessions().areKept()
                && combo.stickySessions()
                && choosing.of(catalog, new Derived.ComboKey(combo), () -> chooses(catalog, combo));
    }

    /** Whether something is chosen anew for each call that does not keep sessions together by itself. */
    private boolean chooses(Catalog catalog, Combo combo) {
        if (combo.all().anyMatch(this::choosesAnew)) {
            return true;
        }
        for (Target target : combo.targets()) {
            Provider provider = catalog.providers().get(target.provider());
            if (provider != null && provider.connections().size() > 1 && choosesAnew(provider.accounts())) {
                return true;
            }
        }
        return false;
    }

    private boolean choosesAnew(Combo combo) {
        return combo.stickySessions() && combo.targets().size() > 1 && choosesAnew(combo.strategy());
    }

    private boolean choosesAnew(String name) {
        SelectionStrategy strategy = strategies.of(name);
        return !strategy.keepsOrder() && !strategy.keepsTogether() && !(strategy instanceof ComposingStrategy);
    }

    /**
     * The attempts with the session's own before all others of the combo that chooses among them, which may stand inside another; before those
     * of its target only, where all have an order of their own.
     */
    List<Attempt> first(Combo combo, List<Attempt> attempts, Held held) {
        for (int i = 1; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            if (attempt.name().equals(held.account())) {
                List<Quota> left = experience.quotas().of(attempt.account());
                if (!left.isEmpty()
                        && HeadroomStrategy.of(left, experience.clock().instant()) < LEAST_LEFT) {
                    return attempts;
                }
                List<Attempt> ordered = new ArrayList<>(attempts);
                Combo chooses = choosing(combo, attempt.target());
                Predicate<Target> first = chooses == null ? attempt.target()::isSameAs : chooses::reaches;
                ordered.add(firstOf(first, attempts), ordered.remove(i));
                return ordered;
            }
        }
        return attempts;
    }

    /** The outermost combo that has the target and chooses anew for each call. */
    private @Nullable Combo choosing(Combo combo, Target target) {
        if (choosesAnew(combo)) {
            return combo;
        }
        for (Member member : combo.members()) {
            if (member instanceof Nested nested && nested.combo().reaches(target)) {
                Combo inner = choosing(nested.combo(), target);
                if (inner != null) {
                    return inner;
                }
            }
        }
        return null;
    }

    private static int firstOf(Predicate<Target> targets, List<Attempt> attempts) {
        int place = 0;
        while (!targets.test(attempts.get(place).target())) {
            place++;
        }
        return place;
    }
}
