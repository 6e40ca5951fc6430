package io.omniroute.translators.format.openairesponses;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools that stand in a namespace. The canonical model knows one name for each tool, so it is {@code namespace::name} there,
 * which no tool can be called by itself.
 */
final class Namespaces {

    private static final String SEPARATOR = "::";

    private Namespaces() {}

    /** The one name of a tool. */
    static String joined(@Nullable String namespace, String name) {
        return namespace == null || namespace.isEmpty() ? name : namespace + SEPARATOR + name;
    }

    /** The name without its namespace. */
    static @Nullable String local(@Nullable String joined) {
        if (joined == null) {
            return null;
        }
        int at = joined.indexOf(SEPARATOR);
        return at < 0 ? joined : joined.substring(at + SEPARATOR.length());
    }

    /** Writes a name and, where there is one, its namespace. */
    static ObjectNode put(ObjectNode item, @Nullable String joined) {
        item.put("name", local(joined));
        return joined == null || !joined.contains(SEPARATOR)
                ? item
                : item.put("namespace", joined.substring(0, joined.indexOf(SEPARATOR)));
    }
}
