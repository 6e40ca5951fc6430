package io.omniroute.filters.task;

import io.omniroute.config.Glob;
import io.omniroute.filters.TableFile;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How good models are at tasks, {@code task-fit.tsv}. Safe to share. */
public final class TaskFit {

    private record Entry(String task, Glob models, double fit) {}

    private final List<Entry> entries = TableFile.rows("task-fit.tsv", TaskFit.class).stream()
            .map(row -> new Entry(row.get(0), new Glob(row.get(1)), Double.parseDouble(row.get(2))))
            .sorted(Comparator.comparingInt(
                            (Entry entry) -> entry.models().pattern().length())
                    .reversed())
            .toList();

    /** From 0 to 1; empty if it is not known. */
    public OptionalDouble of(String task, String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return entries.stream()
                .filter(entry -> entry.task().equals(task) && entry.models().matches(name))
                .mapToDouble(Entry::fit)
                .findFirst();
    }
}
