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
import org.jspecify.annotations.Nullable;

/** What names mean that clients ask for. What a name means is remembered. Thread-safe. */
final class ModelNames {

    /** Bounded, because clients choose the names. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final int LONGEST_REMEMBERED = 200;

    private final Map<String, Provider> providers;
    private final Map<String, Combo> combos;
    private final Map<String, Combo> virtual;
    private final Map<String, String> aliases;
    private final Patience patience;
    private final List<Map.Entry<Glob, String>> wildcards;
    private final Map<String, List<Target>> owners;
    private final Map<String, Resolution> resolved = new ConcurrentHashMap<>();

    /** All names that there are, and those that clients think of. */
    private final int mostResolved;

    /**
     * @param virtual the combos that are there without being declared
     * @param patience of models that are called by their own names
     */
    ModelNames(
            Map<String, Provider> providers,
            Map<String, Combo> combos,
            Map<String, Combo> virtual,
            Map<String, String> aliases,
            Patience patience) {
        this.providers = providers;
        this.combos = combos;
        this.virtual = virtual;
        this.aliases = aliases;
        this.patience = patience;
        this.wildcards = wildcards(aliases);
        this.owners = owners(providers);
        this.mostResolved = owners.size() * 2 + combos.size() + aliases.size() + MOST_REMEMBERED;
    }

    /** What a name means, as {@link Catalog#resolve} says it. */
    Resolution resolve(String asked) {
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
        if (!Catalog.isModelId(name)) {
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
        return new Resolution.Found(asked, Combo.ofOne(target, patience), path.size() > 1, List.copyOf(path));
    }

    private Map.@Nullable Entry<Glob, String> wildcard(String name) {
        for (Map.Entry<Glob, String> alias : wildcards) {
            if (alias.getKey().matchesIgnoringCase(name)) {
                return alias;
            }
        }
        return null;
    }

    /** Whether a name is written somewhere. */
    boolean isDeclared(String name) {
        int slash = name.indexOf('/');
        Provider provider = slash < 0 ? null : providers.get(name.substring(0, slash));
        return aliases.containsKey(name)
                || combos.containsKey(name)
                || virtual.containsKey(name)
                || owners.containsKey(name)
                || (provider != null && provider.models().containsKey(name.substring(slash + 1)));
    }

    /** Every name that can be listed. */
    Set<String> all() {
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
