package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a catalog alone, worked out once and remembered until there is another catalog. Bounded, because clients choose
 * names. Thread-safe.
 */
final class Derived<K, V> {

    private static final int MOST_REMEMBERED = 20_000;

    private record OfCatalog<K, V>(Catalog catalog, Map<K, V> values) {}

    /** A combo as a key, whatever mode a call asks it for: its members need not be compared one by one. */
    static final class ComboKey {

        private final Object members;

        ComboKey(Combo combo) {
            members = combo.members();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ComboKey key && key.members == members;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(members);
        }
    }

    private volatile @Nullable OfCatalog<K, V> current;

    V of(Catalog catalog, K key, Supplier<V> derive) {
        OfCatalog<K, V> remembered = current;
        if (remembered == null || remembered.catalog() != catalog) {
            remembered = new OfCatalog<>(catalog, new ConcurrentHashMap<>());
            current = remembered;
        }
        V value = remembered.values().get(key);
        if (value == null) {
            value = derive.get();
            if (remembered.values().size() < MOST_REMEMBERED) {
                remembered.values().put(key, value);
            }
        }
        return value;
    }
}
