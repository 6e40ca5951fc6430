package io.omniroute.filters.combo;

import io.omniroute.config.Glob;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How good models are at tasks, {@code task-fit.tsv}. Safe to share. */
final class TaskFit {

    private record Entry(String task, Glob models, double fit) {}

    private final List<Entry> entries = TableFile.rows("task-fit.tsv").stream()
            .map(row -> new Entry(row.get(0), new Glob(row.get(1)), Double.parseDouble(row.get(2))))
            .sorted(Comparator.comparingInt(
                            (Entry entry) -> entry.models().pattern().length())
                    .reversed())
            .toList();

    /** From 0 to 1; empty if it is not known. */
    OptionalDouble of(String task, String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return entries.stream()
                .filter(entry -> entry.task().equals(task) && entry.models().matches(name))
                .mapToDouble(Entry::fit)
                .findFirst();
    }
}
