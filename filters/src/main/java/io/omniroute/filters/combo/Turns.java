package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Provider;
import io.omniroute.redis.Defects;
import io.omniroute.redis.routing.RoutingStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The turns that calls of combos have, counted over all instances. While Redis is away an instance counts its own. Thread-safe. */
final class Turns {

    /** What becomes of a turn that somebody asks for. */
    enum Use {
        /** It is the caller's, and the next one is another's. */
        TAKEN,
        /** It is only looked at. */
        SEEN
    }

    private final RoutingStore store;
    private final Defects defects = new Defects(Turns.class);
    private final NamedStrategies strategies;
    private final Derived<Derived.ComboKey, List<String>> takers = new Derived<>();
    /** What an instance counts for itself while Redis is away. */
    private final Map<String, AtomicLong> own = new ConcurrentHashMap<>();

    Turns(RoutingStore store, NamedStrategies strategies) {
        this.store = store;
        this.strategies = strategies;
    }

    /** What the choice from a provider's accounts is called where combos have names; no combo begins like that. */
    static String ofAccounts(Provider provider) {
        return "accounts of " + provider.id();
    }

    /** Whether a choice from this combo, from one inside it or from accounts waits for its turn. */
    boolean areTaken(Combo combo, Catalog catalog) {
        return !takers(combo, catalog).isEmpty();
    }

    /** The next turns, from 0: of the combo, of those inside it and of providers' accounts. All are asked for at once. */
    Mono<Map<String, Long>> next(Combo combo, Catalog catalog, Use use) {
        return of(takers(combo, catalog), name -> {
            String choice = within(combo, name);
            Mono<Long> shared = switch (use) {
                case TAKEN -> store.turn(choice).map(turn -> turn - 1);
                case SEEN -> store.turns(choice);
            };
            return shared.onErrorResume(away -> {
                defects.note(away);
                return Mono.fromSupplier(() -> own(choice, use));
            });
        });
    }

    /** Turns of this instance's own, for a call that most likely stays where it is: it takes none from others, and waits for nothing. */
    Map<String, Long> here(Combo combo, Catalog catalog, Use use) {
        Map<String, Long> turns = new HashMap<>();
        takers(combo, catalog).forEach(name -> turns.put(name, own("here " + within(combo, name), use)));
        return turns;
    }

    private static Mono<Map<String, Long>> of(List<String> names, Function<String, Mono<Long>> turn) {
        return Flux.fromIterable(names)
                .flatMap(name -> turn.apply(name).map(value -> Map.entry(name, value)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /**
     * What is chosen from inside a combo takes turns of its own there: where two combos that take turns share them, each could meet the
     * same ones again and again.
     */
    private static String within(Combo combo, String name) {
        return combo.members().size() > 1 && !name.equals(combo.name()) ? combo.name() + " > " + name : name;
    }

    private long own(String name, Use use) {
        AtomicLong turn = own.computeIfAbsent(name, first -> new AtomicLong());
        return switch (use) {
            case TAKEN -> turn.getAndIncrement();
            case SEEN -> turn.get();
        };
    }

    private List<String> takers(Combo combo, Catalog catalog) {
        return hasNothingToChoose(combo, catalog)
                ? List.of()
                : takers.of(catalog, new Derived.ComboKey(combo), () -> takersOf(combo, catalog));
    }

    private static boolean hasNothingToChoose(Combo combo, Catalog catalog) {
        if (combo.targets().size() > 1 || combo.members().size() > 1) {
            return false;
        }
        Provider provider = catalog.providers().get(combo.targets().getFirst().provider());
        return provider == null || provider.connections().size() < 2;
    }

    private List<String> takersOf(Combo combo, Catalog catalog) {
        Stream<String> combos = combo.all()
                .filter(one -> one.members().size() > 1
                        && strategies.of(one.strategy()).takesTurns())
                .map(Combo::name);
        Stream<String> providers = combo.targets().stream()
                .map(target -> catalog.providers().get(target.provider()))
                .filter(provider -> provider != null
                        && provider.connections().size() > 1
                        && strategies.of(provider.accounts()).takesTurns())
                .map(Turns::ofAccounts);
        return Stream.concat(combos, providers).distinct().toList();
    }
}
