package io.omniroute.filters.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Collects all values that do not fit, where binding ends at the first; never says a value, which may be a secret. What does not fit is
 * bound as if it were not written.
 */
public final class Misfits extends AbstractBindHandler {

    private final Map<ConfigurationPropertyName, String> found = new LinkedHashMap<>();

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        // what has a misfit in it cannot be made, which says nothing new
        if (found.keySet().stream().noneMatch(deeper -> name.isAncestorOf(deeper))) {
            found.put(name, name + ": does not fit (expected " + expected(target) + ")");
        }
        return name.isLastElementIndexed() && name.isNumericIndex(name.getNumberOfElements() - 1)
                ? standIn(target.getType().toClass())
                : null;
    }

    /** Takes the place of an element, behind which a list would end else. */
    private static @Nullable Object standIn(Class<?> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }

    /** What the gateway's own types are called says nothing to who writes settings. */
    private static String expected(Bindable<?> target) {
        Class<?> type = target.getType().toClass();
        return type.isRecord() ? "settings of its own below it, or {}" : "a value for " + type.getSimpleName();
    }

    /** What does not fit, each with the setting's whole name and what was expected. */
    public List<String> problems() {
        return new ArrayList<>(found.values());
    }
}
