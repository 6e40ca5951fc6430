package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Json;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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

    /** The namespace; {@code null} where there is none. */
    static @Nullable String of(@Nullable String joined) {
        return joined == null || !joined.contains(SEPARATOR) ? null : joined.substring(0, joined.indexOf(SEPARATOR));
    }

    /** Writes a name for a client and, where there is one, its namespace. */
    static ObjectNode put(ObjectNode item, @Nullable String joined) {
        String namespace = of(joined);
        item.put("name", local(joined));
        return namespace == null ? item : item.put("namespace", namespace);
    }

    /** The same for a provider, whose alphabet may be smaller. */
    static ObjectNode put(ObjectNode item, String joined, UnaryOperator<String> names) {
        String namespace = of(joined);
        item.put("name", names.apply(Objects.requireNonNull(local(joined))));
        return namespace == null ? item : item.put("namespace", names.apply(namespace));
    }

    /**
     * Adds a tool among others, in its namespace where it has one.
     *
     * @param written the namespace as the client wrote it, if that is known
     */
    static void add(
            ArrayNode tools, String joined, @Nullable JsonNode written, ObjectNode tool, UnaryOperator<String> names) {
        String namespace = of(joined);
        if (namespace == null) {
            tools.add(tool);
            return;
        }
        String shown = names.apply(namespace);
        for (JsonNode other : tools) {
            if (other.path("type").asString("").equals("namespace")
                    && other.path("name").asString("").equals(shown)) {
                ((ArrayNode) other.get("tools")).add(tool);
                return;
            }
        }
        ObjectNode added = written instanceof ObjectNode known ? known.deepCopy() : Json.object();
        added.put("type", "namespace").put("name", shown).putArray("tools").add(tool);
        tools.add(added);
    }
}
