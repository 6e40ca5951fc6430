package io.omniroute.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that is configured, immutable: who is called, under which names, and by whom. What a name means is a pure function
 * of it ({@link #resolve}), and so is who may call what ({@link #callable}).
 */
public final class Catalog {

    private static final Pattern MODEL_ID = Pattern.compile("[A-Za-z0-9._:@/+-]{1,256}");

    /** Answers of {@link #resolve} are remembered; bounded, because clients choose the names. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final int LONGEST_REMEMBERED = 200;

    private record Granted(String combo, ModelPatterns team, boolean byTeam, ModelPatterns own, boolean byOwn) {}

    private record Part(String combo, List<Target> targets) {}

    private final Map<String, Provider> providers;
    private final Map<String, Combo> combos;
    private final Map<String, Combo> virtual;
    private final Map<String, String> aliases;
    private final Map<String, Team> teams;
    private final Map<KeyHash, ApiKey> keys;
    private final List<Map.Entry<Glob, String>> wildcards;
    private final Map<String, List<Target>> owners;
    private final Map<String, Resolution> resolved = new ConcurrentHashMap<>();
    private final Map<Granted, Combo> parts = new ConcurrentHashMap<>();
    private final Map<Part, Combo> interned = new ConcurrentHashMap<>();
    /** What parts of calls ask. */
    private final Map<Target, Combo> ones = new ConcurrentHashMap<>();

    /** All names that there are, and those that clients think of. */
    private final int mostResolved;

    private final Patience patience;

    /** @param patience of models that are called by their own names, and of the combos that are there without being declared */
    public Catalog(
            Map<String, Provider> providers,
            Map<String, Combo> combos,
            Map<String, String> aliases,
            Map<String, Team> teams,
            Map<KeyHash, ApiKey> keys,
            Patience patience) {
        this.patience = patience;
        this.providers = Ordered.copyOf(providers);
        this.combos = Ordered.copyOf(combos);
        this.virtual = Ordered.copyOf(AutoCombos.of(
                providers, combos.values().stream().flatMap(combo -> combo.targets().stream()), patience));
        this.aliases = Ordered.copyOf(aliases);
        this.teams = Ordered.copyOf(teams);
        this.keys = Map.copyOf(keys);
        this.wildcards = wildcards(aliases);
        this.owners = owners(providers);
        this.mostResolved = owners.size() * 2 + combos.size() + aliases.size() + MOST_REMEMBERED;
    }

    /**
     * The same with other providers.
     *
     * @param known the accounts that are or were there, by provider: a target that names one means no other when it is gone
     */
    public Catalog with(Map<String, Provider> others, Map<String, Set<String>> known) {
        Map<String, Combo> pinned = new LinkedHashMap<>(combos);
        pinned.replaceAll((name, combo) -> combo.mapped(target -> pinned(target, others, known)));
        return new Catalog(others, pinned, aliases, teams, keys, patience);
    }

    /** A target may name an account that is added later; until then the name is one of a model that perhaps nobody has. */
    private static Target pinned(Target target, Map<String, Provider> providers, Map<String, Set<String>> known) {
        Provider provider = providers.get(target.provider());
        int at = target.model().lastIndexOf('@');
        if (provider == null
                || at <= 0
                || target.connection().isPresent()
                || provider.models().containsKey(target.model())
                || !(provider.connections().containsKey(target.model().substring(at + 1))
                        || known.getOrDefault(provider.id(), Set.of())
                                .contains(target.model().substring(at + 1)))) {
            return target;
        }
        return new Target(
                target.provider(),
                target.model().substring(0, at),
                Optional.of(target.model().substring(at + 1)),
                target.deadlines(),
                target.weight(),
                target.prompt());
    }

    /** The combo of one that a model is which is called by its own name. */
    public Combo ofOne(Target target) {
        return Combo.ofOne(target, patience);
    }

    /** The combo of one that a part of a call is made of, which has the patience of its call; the same for the same target. */
    public Combo partOf(Target target) {
        Combo known = ones.get(target);
        if (known == null) {
            known = Combo.ofOne(target, Patience.NONE);
            if (ones.size() < MOST_REMEMBERED) {
                Combo other = ones.putIfAbsent(target, known);
                known = other == null ? known : other;
            }
        }
        return known;
    }

    /** The providers by id, in the order of declaration. */
    public Map<String, Provider> providers() {
        return providers;
    }

    /** The combos by name. */
    public Map<String, Combo> combos() {
        return combos;
    }

    /** The combos that are there without being declared, by name. */
    public Map<String, Combo> undeclaredCombos() {
        return virtual;
    }

    /** The aliases, exact ones and patterns, with what they stand for. */
    public Map<String, String> aliases() {
        return aliases;
    }

    /** The teams by id. */
    public Map<String, Team> teams() {
        return teams;
    }

    /** The API keys that are declared in YAML. */
    public Map<KeyHash, ApiKey> keys() {
        return keys;
    }

    /** Whether a text can be the id of a model: of the allowed characters, without empty or climbing segments. */
    public static boolean isModelId(String text) {
        if (!MODEL_ID.matcher(text).matches()) {
            return false;
        }
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /**
     * What a name means: an alias, a combo, {@code provider/model}, a model that exactly one provider declares, and last an
     * alias with wildcards, the most specific that matches.
     */
    public Resolution resolve(String asked) {
        Resolution known = resolved.get(asked);
        if (known == null) {
            known = lookUp(asked);
            if (asked.length() <= LONGEST_REMEMBERED && resolved.size() < mostResolved) {
                resolved.put(asked, known);
            }
        }
        return known;
    }

    private Resolution lookUp(String asked) {
        Set<String> path = new LinkedHashSet<>();
        String name = asked;
        while (path.add(name)) {
            Optional<Resolution> direct = direct(asked, name, path);
            if (direct.isPresent()) {
                return direct.get();
            }
            String next = Glob.isPattern(name) ? null : aliases.get(name);
            if (next == null) {
                Map.Entry<Glob, String> alias = wildcard(name);
                if (alias == null) {
                    return new Resolution.Unknown(asked);
                }
                path.add(alias.getKey().pattern());
                next = alias.getValue();
            }
            name = next;
        }
        return new Resolution.Unknown(asked);
    }

    /**
     * The one access decision: what a key may call of what a name resolves to. Of a combo that nobody declared it may call the targets that
     * it may call anyway; everything else is whole or nothing.
     *
     * @return empty if it may call nothing of it
     */
    public Optional<Resolution.Found> callable(ApiKey key, Resolution.Found found) {
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

    /** Whether a name is written somewhere: as an alias, a combo or a declared model. */
    public boolean isDeclared(String name) {
        int slash = name.indexOf('/');
        Provider provider = slash < 0 ? null : providers.get(name.substring(0, slash));
        return aliases.containsKey(name)
                || combos.containsKey(name)
                || virtual.containsKey(name)
                || owners.containsKey(name)
                || (provider != null && provider.models().containsKey(name.substring(slash + 1)));
    }

    /** Every name that can be listed: exact aliases, combos, those that need no declaration, and declared models, in this order, each once. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        aliases.keySet().stream().filter(alias -> !Glob.isPattern(alias)).forEach(names::add);
        names.addAll(combos.keySet());
        names.addAll(virtual.keySet());
        providers
                .values()
                .forEach(provider ->
                        provider.models().keySet().forEach(model -> names.add(provider.id() + "/" + model)));
        return names;
    }

    private Optional<Resolution> direct(String asked, String name, Set<String> path) {
        if (aliases.containsKey(name) && !Glob.isPattern(name)) {
            return Optional.empty();
        }
        Combo combo = combos.get(name);
        if (combo != null) {
            return Optional.of(new Resolution.Found(asked, combo, true, List.copyOf(path)));
        }
        Optional<Resolution> model = model(asked, name, path);
        Combo undeclared = virtual.get(name);
        return model.isEmpty() && undeclared != null
                ? Optional.of(new Resolution.Found(asked, undeclared, true, List.copyOf(path)))
                : model;
    }

    private Optional<Resolution> model(String asked, String name, Set<String> path) {
        if (!isModelId(name)) {
            return Optional.empty();
        }
        int slash = name.indexOf('/');
        Provider provider = slash < 0 ? null : providers.get(name.substring(0, slash));
        if (provider != null && provider.takes(name.substring(slash + 1))) {
            return Optional.of(found(asked, Target.of(provider.id(), name.substring(slash + 1)), path));
        }
        List<Target> candidates = owners.getOrDefault(name, List.of());
        return switch (candidates.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(found(asked, candidates.getFirst(), path));
            default ->
                Optional.of(new Resolution.Ambiguous(
                        asked, candidates.stream().map(Target::name).toList()));
        };
    }

    private Resolution found(String asked, Target target, Set<String> path) {
        return new Resolution.Found(asked, ofOne(target), path.size() > 1, List.copyOf(path));
    }

    private Map.@Nullable Entry<Glob, String> wildcard(String name) {
        for (Map.Entry<Glob, String> alias : wildcards) {
            if (alias.getKey().matchesIgnoringCase(name)) {
                return alias;
            }
        }
        return null;
    }

    private static List<Map.Entry<Glob, String>> wildcards(Map<String, String> aliases) {
        List<Map.Entry<Glob, String>> patterns = new ArrayList<>();
        aliases.forEach((name, target) -> {
            if (Glob.isPattern(name)) {
                patterns.add(Map.entry(new Glob(name), target));
            }
        });
        patterns.sort(Comparator.comparingInt(
                        (Map.Entry<Glob, String> alias) -> alias.getKey().specificity())
                .reversed());
        return List.copyOf(patterns);
    }

    private static Map<String, List<Target>> owners(Map<String, Provider> providers) {
        Map<String, List<Target>> owners = new LinkedHashMap<>();
        providers
                .values()
                .forEach(provider -> provider.models()
                        .keySet()
                        .forEach(model -> owners.computeIfAbsent(model, m -> new ArrayList<>())
                                .add(Target.of(provider.id(), model))));
        return owners;
    }
}
