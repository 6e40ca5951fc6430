package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Facts;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.AccountName;
import io.omniroute.filters.task.TaskFit;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of a target before any call: what is configured of its model goes before what comes with the gateway.
 *
 * @param facts of the model
 * @param counted what its calls are counted by
 * @param accounts those that may be used, by the names that limits and rests have
 * @param fits how good the model is, by the task; filled as it is asked for
 */
record KnownTarget(Facts facts, String counted, List<AccountName> accounts, Map<String, OptionalDouble> fits) {

    static KnownTarget of(Catalog catalog, KnownFacts known, Target target) {
        Provider provider = catalog.providers().get(target.provider());
        if (provider == null) {
            return new KnownTarget(Facts.NONE, target.counted(), List.of(), new ConcurrentHashMap<>());
        }
        return new KnownTarget(
                known.of(provider, target.model()),
                target.counted(),
                provider.enabled(target.connection()).stream()
                        .map(account -> AccountName.of(target, account))
                        .toList(),
                new ConcurrentHashMap<>());
    }

    /** The same where accounts are chosen from: calls are counted by the account alone. */
    KnownTarget byAccount(Target target) {
        return new KnownTarget(facts, target.countedByAccount(), accounts, fits);
    }

    OptionalDouble fit(TaskFit table, Target target, String task) {
        OptionalDouble fit = fits.get(task);
        if (fit == null) {
            fit = table.of(task, target.model());
            fits.put(task, fit);
        }
        return fit;
    }
}
