package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import java.util.Map;

/** The strategies by the names that YAML uses. Safe to share. */
record NamedStrategies(Map<String, SelectionStrategy> byName) {

    NamedStrategies {
        byName = Map.copyOf(byName);
    }

    /** The strategy that a combo names. */
    SelectionStrategy of(Combo combo) {
        return of(combo.strategy());
    }

    /** The strategy of that name, which the check of the catalog has found to be one. */
    SelectionStrategy of(String name) {
        SelectionStrategy strategy = byName.get(name);
        if (strategy == null) {
            throw new IllegalStateException("unknown strategy " + name);
        }
        return strategy;
    }
}
