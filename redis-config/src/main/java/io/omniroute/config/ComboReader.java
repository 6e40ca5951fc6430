package io.omniroute.config;

import io.omniroute.config.CatalogProperties.ComboProperties;
import io.omniroute.config.CatalogProperties.PatienceProperties;
import io.omniroute.config.CatalogProperties.TargetProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes combos of what is written, those that others list before those. One per reading. */
final class ComboReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./\\-:@+ \\[\\]]{1,100}");
    private static final int DEEPEST = 10;
    /** Strategies that do not choose a target, but make an answer of several. */
    private static final Set<String> COMPOSING = Set.of("fusion", "pipeline", "context-relay");

    private static final int MOST_ASKED = 100;

    private final CatalogProperties written;
    private final Map<String, Provider> providers;
    private final Problems problems;
    private final Map<String, Combo> combos = new LinkedHashMap<>();
    private @Nullable Map<String, Combo> undeclared;

    ComboReader(CatalogProperties written, Map<String, Provider> providers, Problems problems) {
        this.written = written;
        this.providers = providers;
        this.problems = problems;
    }

    /** The combos by name, in the order of declaration. */
    Map<String, Combo> read() {
        Map<String, Combo> declared = new LinkedHashMap<>();
        written.combos().keySet().forEach(name -> declared.put(name, combo(name, new LinkedHashSet<>())));
        return declared;
    }

    /** @param path the combos that list this one, the outermost first */
    private Combo combo(String name, Set<String> path) {
        Combo known = combos.get(name);
        if (known != null) {
            return known;
        }
        path.add(name);
        ComboProperties combo = Objects.requireNonNull(written.combos().get(name));
        String where = "omniroute.combos." + name;
        check(where, name, combo);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < combo.targets().size(); i++) {
            member(where + ".targets[" + i + "]", combo.targets().get(i), combo, path)
                    .ifPresent(members::add);
        }
        path.remove(name);
        Combo read = Combo.of(
                        name,
                        combo.strategy(),
                        members,
                        Optional.ofNullable(combo.fallBackOn()),
                        Math.max(1, combo.sticky()),
                        new Demands(
                                combo.checkCapabilities(),
                                combo.minContextWindow(),
                                combo.freeOnly(),
                                combo.families().stream().map(Glob::new).toList()),
                        PatienceReader.read(where, patience(combo), problems))
                .with(panel(where, combo))
                .with(new Scoring(combo.mode(), combo.task()))
                .with(combo.systemPrompt())
                .withStickySessions(combo.stickySessions());
        combos.put(name, read);
        return read;
    }

    private Panel panel(String where, ComboProperties combo) {
        String judge = combo.judge();
        if (judge != null
                && (written.combos().containsKey(judge) || undeclared().containsKey(judge))) {
            problem(where + ".judge", "\"%s\" is a combo (expected provider/model)", judge);
            judge = null;
        }
        Optional<Target> named = judge == null
                ? Optional.empty()
                : member(where + ".judge", TargetProperties.of(judge), combo, new LinkedHashSet<>(Set.of(judge)))
                        .filter(Target.class::isInstance)
                        .map(Target.class::cast);
        if (combo.panelMost() < 2 || combo.panelMost() > MOST_ASKED) {
            problem(where + ".panel-most", "is %s (expected 2 to %s)", combo.panelMost(), MOST_ASKED);
        }
        if (combo.panelEnough() < 1) {
            problem(where + ".panel-enough", "is %s (expected at least 1)", combo.panelEnough());
        }
        notNegative(where + ".panel-grace", combo.panelGrace());
        if (!combo.panelTime().isPositive()) {
            problem(where + ".panel-time", "is %s (expected more than 0)", combo.panelTime());
        }
        if (combo.handoffAt() <= 0 || combo.handoffAt() >= 1) {
            problem(where + ".handoff-at", "is %s (expected more than 0 and less than 1)", combo.handoffAt());
        }
        return new Panel(
                named,
                Math.max(2, combo.panelMost()),
                Math.max(1, combo.panelEnough()),
                combo.panelGrace(),
                combo.panelTime(),
                combo.handoffAt());
    }

    private void check(String where, String name, ComboProperties combo) {
        if (!NAME.matcher(name).matches()) {
            problem(where, "the name must have 1 to 100 of [A-Za-z0-9_./:@+ -] and brackets");
        }
        if (written.aliases().containsKey(name)) {
            problem(where, "there is an alias of the same name");
        }
        if (combo.targets().isEmpty()) {
            problem(where + ".targets", "is missing (expected at least one provider/model)");
        }
        if (combo.strategy().equals("pipeline") && combo.targets().size() > MOST_ASKED) {
            problem(
                    where + ".targets",
                    "has %s steps (expected at most %s)",
                    combo.targets().size(),
                    MOST_ASKED);
        }
        if (combo.sticky() < 1) {
            problem(where + ".sticky", "is %s (expected at least 1)", combo.sticky());
        }
        if (combo.minContextWindow() < 0) {
            problem(where + ".min-context-window", "is negative");
        }
    }

    private void notNegative(String where, Duration time) {
        if (time.isNegative()) {
            problem(where, "is negative");
        }
    }

    private static PatienceProperties patience(ComboProperties combo) {
        return new PatienceProperties(
                combo.retries(),
                combo.retryDelay(),
                combo.waitForCooldown(),
                combo.hedgeAfter(),
                combo.continuations());
    }

    private Optional<Member> member(String where, TargetProperties target, ComboProperties combo, Set<String> path) {
        if (target.weight() < 0) {
            problem(where + ".weight", "is negative");
        }
        String name = target.model() == null ? "" : target.model();
        int slash = name.indexOf('/');
        Provider provider = slash < 0 ? null : providers.get(name.substring(0, slash));
        if (provider == null && written.combos().containsKey(name)) {
            return nested(where, name, target, path);
        }
        if (provider == null && undeclared().containsKey(name)) {
            if (target.deadlines() != null) {
                problem(where + ".deadlines", "cannot be set for a combo inside a combo");
            }
            return Optional.of(new Nested(undeclared().get(name), target.weight(), target.prompt()));
        }
        if (provider == null) {
            problem(
                    where,
                    "\"%s\" does not begin with a provider and is no combo (expected provider/model with one of: %s)",
                    name,
                    String.join(", ", providers.keySet()));
            return Optional.empty();
        }
        return target(where, name.substring(slash + 1), provider, target, combo);
    }

    /** The combos that are there without being declared, of everything but themselves. */
    private Map<String, Combo> undeclared() {
        Map<String, Combo> known = undeclared;
        if (known == null) {
            Stream<Target> written = this.written.combos().values().stream()
                    .flatMap(combo -> combo.targets().stream())
                    .flatMap(target -> Optional.ofNullable(target.model()).stream())
                    .flatMap(this::named);
            known = AutoCombos.of(providers, written, Patience.NONE);
            undeclared = known;
        }
        return known;
    }

    private Stream<Target> named(String name) {
        int slash = name.indexOf('/');
        Provider provider = slash < 0 ? null : providers.get(name.substring(0, slash));
        if (provider == null) {
            return Stream.empty();
        }
        String model = name.substring(slash + 1);
        int at = model.lastIndexOf('@');
        boolean account = at > 0
                && (provider.connections().containsKey(model.substring(at + 1))
                        || (provider.models().containsKey(model.substring(0, at))
                                && !provider.models().containsKey(model)));
        return Stream.of(Target.of(provider.id(), account ? model.substring(0, at) : model));
    }

    private Optional<Member> nested(String where, String name, TargetProperties target, Set<String> path) {
        if (path.contains(name)) {
            problem(where, "leads back to itself (%s, %s)", String.join(", ", path), name);
            return Optional.empty();
        }
        if (path.size() >= DEEPEST) {
            problem(where, "is nested deeper than %s combos", DEEPEST);
            return Optional.empty();
        }
        if (target.deadlines() != null) {
            problem(where + ".deadlines", "cannot be set for a combo inside a combo (set those of its own targets)");
        }
        Combo inner = combo(name, path);
        if (COMPOSING.contains(inner.strategy())) {
            problem(
                    where,
                    "\"%s\" answers by several calls (%s), and cannot stand inside another combo",
                    name,
                    inner.strategy());
            return Optional.empty();
        }
        return Optional.of(new Nested(inner, target.weight(), target.prompt()));
    }

    private Optional<Member> target(
            String where, String model, Provider provider, TargetProperties target, ComboProperties combo) {
        String id = model;
        Optional<String> connection = Optional.empty();
        int at = id.lastIndexOf('@');
        boolean declared = at > 0
                && provider.models().containsKey(id.substring(0, at))
                && !provider.models().containsKey(id);
        if (declared || (at > 0 && provider.connections().containsKey(id.substring(at + 1)))) {
            // an account behind the name of a declared model may come later
            connection = Optional.of(id.substring(at + 1));
            id = id.substring(0, at);
        }
        if (!Catalog.isModelId(id) || !provider.takes(id)) {
            problem(where, "\"%s\" is not a model of provider %s", id, provider.id());
            return Optional.empty();
        }
        return Optional.of(new Target(
                provider.id(),
                id,
                connection,
                both(combo.deadlines(), target.deadlines()),
                target.weight(),
                target.prompt()));
    }

    private static Deadlines.@Nullable Override both(
            Deadlines.@Nullable Override combo, Deadlines.@Nullable Override target) {
        if (combo == null || target == null) {
            return target == null ? combo : target;
        }
        return new Deadlines.Override(
                target.connect() == null ? combo.connect() : target.connect(),
                target.responseHeaders() == null ? combo.responseHeaders() : target.responseHeaders(),
                target.firstContent() == null ? combo.firstContent() : target.firstContent(),
                target.firstContentPerKilobyte() == null
                        ? combo.firstContentPerKilobyte()
                        : target.firstContentPerKilobyte(),
                target.idle() == null ? combo.idle() : target.idle(),
                target.stream() == null ? combo.stream() : target.stream());
    }

    private void problem(String where, String what, Object... values) {
        problems.add(where, what, values);
    }
}
