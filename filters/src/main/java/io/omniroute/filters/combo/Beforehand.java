package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What Redis is asked for before a choice: who has answered the call's session, and whose turn it is. Who only counts takes nobody's turn. */
final class Beforehand {

    /**
     * What it has answered.
     *
     * @param session the call's, with the account that has answered it last; empty where sessions are not kept together
     * @param turns by the combo
     */
    record Known(Optional<Stickiness.Held> session, Map<String, Long> turns) {

        /** Nothing was asked for. */
        static final Known NOTHING = new Known(Optional.empty(), Map.of());
    }

    private final Turns turns;
    private final Stickiness stickiness;
    private final Asked asked;
    private final Combo combo;
    private final boolean mayHold;
    private final boolean takesTurns;

    Beforehand(Turns turns, Stickiness stickiness, Asked asked, Combo combo) {
        this.turns = turns;
        this.stickiness = stickiness;
        this.asked = asked;
        this.combo = combo;
        this.mayHold = stickiness.mayHold(asked.catalog(), combo);
        this.takesTurns = !asked.isForCounting() && turns.areTaken(combo, asked.catalog());
    }

    /** Whether a choice depends on anything of it. */
    boolean isNeeded() {
        return mayHold || takesTurns;
    }

    /**
     * All that the choice depends on. Both are asked for at once: a choice waits for Redis once at most.
     *
     * @param use whether turns are taken
     */
    Mono<Known> known(Turns.Use use) {
        if (!mayHold) {
            return turns(false, use).map(known -> new Known(Optional.empty(), known));
        }
        String team = asked.team();
        String session = asked.session();
        boolean stays = takesTurns && stickiness.knows(asked.catalog(), combo, team, session);
        return Mono.zip(stickiness.of(asked.catalog(), combo, team, session), turns(stays, use), Known::new);
    }

    /** A call that most likely stays where it is takes no turn from others. */
    private Mono<Map<String, Long>> turns(boolean stays, Turns.Use use) {
        if (!takesTurns) {
            return Mono.just(Map.of());
        }
        return stays ? Mono.just(turns.here(combo, asked.catalog(), use)) : turns.next(combo, asked.catalog(), use);
    }
}
