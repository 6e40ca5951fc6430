package io.omniroute.filters.check;

import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogBinding;
import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.Resolution;
import io.omniroute.filters.combo.AutoProperties;
import io.omniroute.filters.shape.ShapingProperties;
import io.omniroute.filters.task.TaskDetection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;

/** Looks through everything that is written below {@code omniroute}: the catalog, and the blocks beside it. */
public final class SettingsCheck {

    private final ConfigurableEnvironment environment;
    private final Set<String> strategies;
    private final SettingBlocks blocks;
    private final List<String> problems = new ArrayList<>();

    private SettingsCheck(ConfigurableEnvironment environment, Set<String> strategies, SettingBlocks blocks) {
        this.environment = environment;
        this.strategies = strategies;
        this.blocks = blocks;
    }

    /**
     * Everything that is wrong, nothing of it secret; empty if all is good.
     *
     * @param strategies the names of all strategies
     */
    public static List<String> problems(
            ConfigurableEnvironment environment, Set<String> strategies, SettingBlocks blocks) {
        SettingsCheck check = new SettingsCheck(environment, strategies, blocks);
        check.problems.addAll(LostCharacters.problems(environment));
        check.catalog();
        check.problems.addAll(BlockCheck.problems(environment, blocks));
        return check.problems;
    }

    private void catalog() {
        Misfits misfits = new Misfits();
        UnknownSettings unknown = UnknownSettings.ofTheCatalog(misfits, blocks);
        CatalogProperties written = CatalogBinding.bind(environment, unknown);
        problems.addAll(misfits.problems());
        problems.addAll(unknown.problems(environment));
        problems.addAll(BlockCheck.durations("omniroute", written));
        Set<String> modes = read("omniroute.auto", AutoProperties.class).names();
        List<String> ofCatalog = CatalogReader.problems(written, List.of(new KnownNames(strategies, modes)));
        problems.addAll(ofCatalog);
        ShapingProperties shaping = read("omniroute.shaping", ShapingProperties.class);
        tasks(shaping);
        if (ofCatalog.isEmpty() && misfits.problems().isEmpty()) {
            models(shaping, CatalogReader.read(written, List.of()));
        }
    }

    /** What does not fit is said of all blocks, and hides nothing here. */
    private <T> T read(String prefix, Class<T> type) {
        return Binder.get(environment).bindOrCreate(prefix, Bindable.of(type), new Misfits());
    }

    private void tasks(ShapingProperties shaping) {
        Set<String> tasks = new TaskDetection().detected();
        shaping.tasks().models().keySet().stream()
                .filter(task -> !tasks.contains(task))
                .forEach(task -> problems.add("omniroute.shaping.tasks.models." + task
                        + ": unknown task (expected one of: " + String.join(", ", tasks) + ")"));
    }

    /** A client must not be told that there is no model which it has not asked for. */
    private void models(ShapingProperties shaping, Catalog catalog) {
        shaping.tasks()
                .models()
                .forEach((task, model) -> known("omniroute.shaping.tasks.models." + task, model, catalog));
        shaping.background()
                .models()
                .forEach((pattern, model) -> known("omniroute.shaping.background.models." + pattern, model, catalog));
    }

    private void known(String where, String name, Catalog catalog) {
        if (!(catalog.resolve(name) instanceof Resolution.Found)) {
            problems.add(where + ": \"" + name + "\" is no model, alias or combo");
        }
    }
}
