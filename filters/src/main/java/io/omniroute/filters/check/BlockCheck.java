package io.omniroute.filters.check;

import io.omniroute.config.CheckedSettings;
import io.omniroute.config.Deadlines;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Looks through the blocks beside the catalog: whether each fits, is not negative, and is what its owner can use. */
final class BlockCheck {

    private final List<String> problems = new ArrayList<>();

    private BlockCheck() {}

    static List<String> problems(Environment environment, SettingBlocks blocks) {
        BlockCheck check = new BlockCheck();
        Misfits misfits = new Misfits();
        UnknownSettings unknown = UnknownSettings.of(misfits, blocks);
        Binder binder = Binder.get(environment);
        blocks.read().forEach(type -> check.bind(binder, type, misfits, unknown));
        check.problems.addAll(unknown.problems(environment));
        check.problems.addAll(unknown.unknownBlocks(environment));
        return check.problems;
    }

    /** Whether durations below a record of the catalog are negative, or deadlines that nothing could keep. */
    static List<String> durations(String name, Record written) {
        BlockCheck check = new BlockCheck();
        check.inside(name, written, false);
        return check.problems;
    }

    private void bind(Binder binder, Class<? extends Record> type, Misfits misfits, BindHandler handler) {
        String prefix = SettingBlocks.prefix(type);
        int before = misfits.problems().size();
        Record settings = binder.bindOrCreate(prefix, Bindable.of(type), handler);
        // what does not fit has its default here, and hides nothing else
        problems.addAll(misfits.problems().subList(before, misfits.problems().size()));
        inside(prefix, settings, true);
        if (settings instanceof CheckedSettings checked) {
            problems.addAll(checked.problems());
        }
    }

    /** @param numbers whether numbers may not be negative, either */
    private void inside(String prefix, Record settings, boolean numbers) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            String name = prefix + "." + hyphens(component.getName());
            Object value = valueOf(settings, component);
            boolean mustBeMore = settings instanceof Deadlines.Override && !name.endsWith("-per-kilobyte");
            value(name, value, numbers, mustBeMore);
        }
    }

    private void value(String name, @Nullable Object value, boolean numbers, boolean mustBeMore) {
        switch (value) {
            case null -> {
                // not set
            }
            case Duration time
            when time.isNegative() || (mustBeMore && time.isZero()) ->
                problems.add(name + ": is " + time + " (expected " + (mustBeMore ? "more than 0" : "0 or more") + ")");
            case DataSize size when size.isNegative() -> problems.add(name + ": is negative (expected 0 or more)");
            case Integer number when numbers && number < 0 -> negative(name, number);
            case Long number when numbers && number < 0 -> negative(name, number);
            case Record more -> inside(name, more, numbers);
            case Map<?, ?> entries ->
                entries.forEach((key, entry) -> value(name + "." + key, entry, numbers, mustBeMore));
            case List<?> entries ->
                entries.forEach(entry -> value(name + "[" + entries.indexOf(entry) + "]", entry, numbers, mustBeMore));
            default -> {
                // texts and the like are their owners' business
            }
        }
    }

    private void negative(String name, Number number) {
        problems.add(name + ": is " + number + " (expected 0 or more)");
    }

    private static @Nullable Object valueOf(Record settings, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String hyphens(String name) {
        return name.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
