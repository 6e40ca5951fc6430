package io.omniroute.app.check;

import io.omniroute.app.local.LocalProperties;
import io.omniroute.config.CheckedSettings;
import io.omniroute.config.Deadlines;
import io.omniroute.filters.call.CorsProperties;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.PathProperties;
import io.omniroute.filters.combo.AutoProperties;
import io.omniroute.filters.combo.BreakerProperties;
import io.omniroute.filters.combo.CooldownProperties;
import io.omniroute.filters.combo.DecisionProperties;
import io.omniroute.filters.combo.SessionProperties;
import io.omniroute.filters.conversation.ConversationProperties;
import io.omniroute.filters.kept.KeptObjectsProperties;
import io.omniroute.filters.observe.DrainProperties;
import io.omniroute.filters.shape.ShapingProperties;
import io.omniroute.filters.upstream.StreamProperties;
import io.omniroute.filters.upstream.UpstreamProperties;
import io.omniroute.redis.RedisProperties;
import io.omniroute.redis.secret.SecretsProperties;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Looks through all settings but the catalog: whether each fits, is not negative, and is what its owner can use. */
final class SettingsCheck {

    /** The settings of all parts, each read from one prefix. */
    static final List<Class<? extends Record>> ALL = List.of(
            AutoProperties.class,
            BreakerProperties.class,
            ConversationProperties.class,
            CooldownProperties.class,
            CorsProperties.class,
            PathProperties.class,
            DecisionProperties.class,
            DrainProperties.class,
            KeptObjectsProperties.class,
            LimitsProperties.class,
            LocalProperties.class,
            RedisProperties.class,
            SecretsProperties.class,
            SessionProperties.class,
            ShapingProperties.class,
            StreamProperties.class,
            UpstreamProperties.class);

    private final List<String> problems = new ArrayList<>();

    private SettingsCheck() {}

    static List<String> problems(Environment environment) {
        SettingsCheck check = new SettingsCheck();
        Misfits misfits = new Misfits();
        UnknownSettings unknown = new UnknownSettings(
                misfits,
                ALL.stream()
                        .map(type -> ConfigurationPropertyName.of(prefix(type)))
                        .toList());
        Binder binder = Binder.get(environment);
        ALL.forEach(type -> check.bind(binder, type, misfits, unknown));
        check.problems.addAll(unknown.problems(environment));
        check.problems.addAll(unknown.unknownBlocks(environment));
        return check.problems;
    }

    private static String prefix(Class<? extends Record> type) {
        return type.getAnnotation(ConfigurationProperties.class).value();
    }

    /** Whether durations below a record of the catalog are negative, or deadlines that nothing could keep. */
    static List<String> durations(String name, Record written) {
        SettingsCheck check = new SettingsCheck();
        check.inside(name, written, false);
        return check.problems;
    }

    private void bind(Binder binder, Class<? extends Record> type, Misfits misfits, BindHandler handler) {
        String prefix = prefix(type);
        int before = misfits.problems().size();
        Record settings = binder.bindOrCreate(prefix, Bindable.of(type), handler);
        List<String> ofThese =
                misfits.problems().subList(before, misfits.problems().size());
        problems.addAll(ofThese);
        inside(prefix, settings, true);
        if (ofThese.isEmpty() && settings instanceof CheckedSettings checked) {
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
