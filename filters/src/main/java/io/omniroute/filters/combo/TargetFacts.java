package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Facts;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of the models that targets are, what is configured before what comes with the gateway. Thread-safe. */
final class TargetFacts {

    private static final int MOST_REMEMBERED = 20_000;

    private record OfCatalog(Catalog catalog, Map<Target, Facts> facts) {}

    private final KnownFacts known;
    private volatile @Nullable OfCatalog current;

    TargetFacts(KnownFacts known) {
        this.known = known;
    }

    Facts of(Catalog catalog, Target target) {
        OfCatalog remembered = current;
        if (remembered == null || remembered.catalog() != catalog) {
            remembered = new OfCatalog(catalog, new ConcurrentHashMap<>());
            current = remembered;
        }
        Facts facts = remembered.facts().get(target);
        if (facts == null) {
            facts = read(catalog, target);
            if (remembered.facts().size() < MOST_REMEMBERED) {
                remembered.facts().put(target, facts);
            }
        }
        return facts;
    }

    private Facts read(Catalog catalog, Target target) {
        Provider provider = catalog.providers().get(target.provider());
        return provider == null
                ? Facts.NONE
                : known.of(provider.baseUrl(), target.model()).with(provider.factsOf(target.model()));
    }
}
