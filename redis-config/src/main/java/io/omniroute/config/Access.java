package io.omniroute.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who may call what. Which parts of combos keys may call is remembered. Thread-safe. */
final class Access {

    /** Bounded, because there may be many keys. */
    private static final int MOST_REMEMBERED = 10_000;

    private record Granted(String combo, ModelPatterns team, boolean byTeam, ModelPatterns own, boolean byOwn) {}

    private record Part(String combo, List<Target> targets) {}

    private final Map<String, Team> teams;
    private final Map<String, Combo> virtual;
    private final Map<Granted, Combo> parts = new ConcurrentHashMap<>();
    private final Map<Part, Combo> interned = new ConcurrentHashMap<>();

    /** @param virtual the combos that are there without being declared */
    Access(Map<String, Team> teams, Map<String, Combo> virtual) {
        this.teams = teams;
        this.virtual = virtual;
    }

    /** What a key may call of what a name resolves to, as {@link Catalog#callable} says it. */
    Optional<Resolution.Found> callable(ApiKey key, Resolution.Found found) {
        Team declared = teams.get(key.team());
        Optional<ModelPatterns> ofTeam = Optional.ofNullable(declared).flatMap(Team::models);
        boolean teamIsGone = key.bounded() && declared == null;
        if (teamIsGone || (key.models().written().isEmpty() && ofTeam.isEmpty())) {
            return Optional.empty();
        }
        ModelPatterns team = ofTeam.orElse(ModelPatterns.ALL);
        ModelPatterns own = key.models().written().isEmpty() ? ModelPatterns.ALL : key.models();
        return virtual.get(found.combo().name()) == found.combo()
                ? part(found, team, own)
                : Optional.of(found).filter(team::allow).filter(own::allow);
    }

    private Optional<Resolution.Found> part(Resolution.Found found, ModelPatterns team, ModelPatterns own) {
        if (team.deniesName(found) || own.deniesName(found)) {
            return Optional.empty();
        }
        Combo whole = found.combo();
        Granted granted = new Granted(whole.name(), team, team.grantsName(found), own, own.grantsName(found));
        Combo part = parts.get(granted);
        if (part == null) {
            List<Target> targets = own.part(team.part(whole.targets(), granted.byTeam()), granted.byOwn());
            part = targets.size() == whole.targets().size() ? whole : interned(whole, targets);
            if (parts.size() < MOST_REMEMBERED) {
                parts.put(granted, part);
            }
        }
        if (part.targets().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                part == whole ? found : new Resolution.Found(found.asked(), part, found.named(), found.path()));
    }

    /** The same targets are the same combo, so that what follows from it is worked out once. */
    private Combo interned(Combo whole, List<Target> targets) {
        Part key = new Part(whole.name(), targets);
        Combo known = interned.get(key);
        if (known == null) {
            known = whole.of(targets);
            if (interned.size() < MOST_REMEMBERED) {
                Combo other = interned.putIfAbsent(key, known);
                known = other == null ? known : other;
            }
        }
        return known;
    }
}
