package io.omniroute.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * All that is configured, immutable: who is called, under which names, and by whom. What a name means is a pure function
 * of it ({@link #resolve}), and so is who may call what ({@link #callable}).
 */
public final class Catalog {

    private static final Pattern MODEL_ID = Pattern.compile("[A-Za-z0-9._:@/+-]{1,256}");

    /** How many combos of one target are remembered; bounded, because clients choose the names. */
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<String, Provider> providers;
    private final Map<String, Combo> combos;
    private final Map<String, Combo> virtual;
    private final Map<String, String> aliases;
    private final Map<String, Team> teams;
    private final Map<KeyHash, ApiKey> keys;
    private final Patience patience;
    private final ModelNames means;
    private final Access access;
    /** What parts of calls ask. */
    private final Map<Target, Combo> ones = new ConcurrentHashMap<>();

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
        this.means = new ModelNames(this.providers, this.combos, virtual, this.aliases, patience);
        this.access = new Access(this.teams, virtual);
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
        return means.resolve(asked);
    }

    /**
     * The one access decision: what a key may call of what a name resolves to. Of a combo that nobody declared it may call the targets that
     * it may call anyway; everything else is whole or nothing.
     *
     * @return empty if it may call nothing of it
     */
    public Optional<Resolution.Found> callable(ApiKey key, Resolution.Found found) {
        return access.callable(key, found);
    }

    /** Whether a name is written somewhere: as an alias, a combo or a declared model. */
    public boolean isDeclared(String name) {
        return means.isDeclared(name);
    }

    /** Every name that can be listed: exact aliases, combos, those that need no declaration, and declared models, in this order, each once. */
    public Set<String> names() {
        return means.all();
    }
}
