package io.omniroute.filters.check;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogCheck;
import io.omniroute.config.Provider;
import io.omniroute.filters.combo.ComposingStrategy;
import io.omniroute.filters.combo.Strategies;
import io.omniroute.filters.task.TaskDetection;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks the names in the catalog that only the stages know: formats, operations, strategies, kinds of error. */
public final class KnownNames implements CatalogCheck {

    /** What only the gateway itself refuses a call with, after which nothing else is tried. */
    private static final EnumSet<ErrorKind> OWN = EnumSet.of(
            ErrorKind.UNAUTHENTICATED,
            ErrorKind.PERMISSION_DENIED,
            ErrorKind.METHOD_NOT_ALLOWED,
            ErrorKind.UPGRADE_REQUIRED,
            ErrorKind.REQUEST_TIMEOUT,
            ErrorKind.BUDGET_EXCEEDED,
            ErrorKind.INTERNAL);

    private final Set<String> strategies;
    /** Those that do no more than order targets. */
    private final Set<String> orders;

    private final List<String> problems = new ArrayList<>();

    private final Set<String> modes;
    private final Set<String> tasks = new TaskDetection().known();

    /**
     * @param strategies the names of all strategies
     * @param modes those of the modes that targets are scored by
     */
    public KnownNames(Set<String> strategies, Set<String> modes) {
        this.strategies = strategies;
        this.modes = modes;
        this.orders = new TreeSet<>(strategies);
        Strategies.all().forEach((name, strategy) -> {
            if (strategy instanceof ComposingStrategy) {
                orders.remove(name);
            }
        });
    }

    @Override
    public synchronized List<String> problems(Catalog catalog) {
        problems.clear();
        List<String> operations =
                Arrays.stream(Operation.values()).map(Operation::id).toList();
        List<String> kinds =
                EnumSet.complementOf(OWN).stream().map(ErrorKind::id).toList();
        catalog.providers().values().forEach(provider -> provider(provider, operations));
        catalog.combos().values().forEach(combo -> {
            String where = "omniroute.combos." + combo.name();
            known(where + ".strategy", "strategy", List.of(combo.strategy()), strategies);
            combo.all()
                    .skip(1)
                    .forEach(inner ->
                            known(where + ".targets", "order inside another combo", List.of(inner.strategy()), orders));
            known(where + ".mode", "mode", List.of(combo.scoring().mode()), modes);
            if (!combo.scoring().task().isEmpty()) {
                known(where + ".task", "task", List.of(combo.scoring().task()), tasks);
            }
            combo.fallBackOn().ifPresent(on -> known(where + ".fall-back-on", "kind of error", on, kinds));
        });
        catalog.keys().values().forEach(key -> {
            String where = "omniroute.teams." + key.team() + ".keys";
            known(where, "endpoint of key " + key.id(), key.endpoints(), Operation.kinds());
            known(where, "scope of key " + key.id(), key.scopes(), ApiKey.SCOPES);
        });
        return List.copyOf(problems);
    }

    private void provider(Provider provider, Collection<String> operations) {
        String where = "omniroute.providers." + provider.id();
        known(where + ".formats", "format", provider.formats(), ApiFormats.ofProviders());
        known(where + ".accounts", "strategy", List.of(provider.accounts()), orders);
        known(where + ".paths", "operation", provider.paths().keySet(), operations);
        provider.models()
                .values()
                .forEach(model -> known(where + ".models." + model.id(), "operation", model.operations(), operations));
    }

    private void known(String where, String what, Collection<String> names, Collection<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                problems.add(where + ": unknown " + what + " \"" + name + "\" (expected one of: "
                        + String.join(", ", known) + ")");
            }
        }
    }
}
