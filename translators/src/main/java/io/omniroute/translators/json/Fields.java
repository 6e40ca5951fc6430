package io.omniroute.translators.json;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of one JSON object in a request, taken one by one; what nobody took is left over for the format's own use. A
 * {@code null} is as good as absent. Every failure is INVALID_REQUEST and names the field by its path.
 */
public final class Fields {

    private static final Pattern PLACES = Pattern.compile("\\[\\d+]");

    private final ObjectNode object;
    /** Few, and of those that are there: looking through them is faster than a set. */
    private final List<String> taken = new ArrayList<>(6);

    private final List<Fields> inside = new ArrayList<>(0);
    /** Where the list stands whose element this is; it is rarely asked for where an element stands. */
    private final String list;

    private final int index;
    private @Nullable String path;
    private boolean all;
    private boolean whole;

    private Fields(String path, ObjectNode object) {
        this(path, -1, object);
        this.path = path;
    }

    private Fields(String list, int index, ObjectNode object) {
        this.list = list;
        this.index = index;
        this.object = object;
    }

    /**
     * The fields of a node that must be an object.
     *
     * @param path where it stands, empty for the body itself
     */
    public static Fields of(String path, @Nullable JsonNode node) {
        if (node instanceof ObjectNode object) {
            return new Fields(path, object);
        }
        throw wrong(path, "an object", node);
    }

    /** The fields of a node below these, which must be an object; what is read of them counts as read of these. */
    public Fields at(String below, @Nullable JsonNode node) {
        Fields fields = of(below, node);
        inside.add(fields);
        return fields;
    }

    /** Gives back what was taken: it is the format's own. */
    public void leave(String... names) {
        taken.removeAll(List.of(names));
    }

    /** Takes what nobody has taken yet. */
    public void takeAll() {
        all = true;
    }

    /** The object itself, kept as it is with all that stands in it. */
    public ObjectNode whole() {
        whole = true;
        return object;
    }

    /** The fields below these that nobody has taken and that say something, by their paths without places in lists. */
    public Set<String> unread() {
        Set<String> unread = new LinkedHashSet<>();
        inside.forEach(fields -> fields.unread(unread));
        return unread;
    }

    private void unread(Set<String> unread) {
        if (whole) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            boolean nothing = value.isNull() || (value.isContainer() && value.isEmpty());
            if (!nothing && !isTaken(field.getKey())) {
                unread.add(PLACES.matcher(path(field.getKey())).replaceAll(""));
            }
        }
        inside.forEach(fields -> fields.unread(unread));
    }

    private boolean isTaken(String name) {
        return all || taken.contains(name);
    }

    /** The path of one of the fields. */
    public String path(String name) {
        return path().isEmpty() ? name : path() + "." + name;
    }

    /** Where the object stands. */
    public String path() {
        if (path == null) {
            path = list + "[" + index + "]";
        }
        return path;
    }

    /** The object itself. */
    public ObjectNode object() {
        return object;
    }

    /** Whether the field is there, with a value. */
    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** The field, or {@code null}. */
    public @Nullable JsonNode take(String name) {
        JsonNode node = object.get(name);
        if (node == null) {
            return null;
        }
        taken.add(name);
        return node.isNull() ? null : node;
    }

    /** The field under either of its two spellings. */
    public @Nullable JsonNode take(String name, String other) {
        JsonNode first = take(name);
        JsonNode second = take(other);
        return first == null ? second : first;
    }

    /** A string, or {@code null}. */
    public @Nullable String string(String name) {
        JsonNode node = take(name);
        if (node == null || node.isString()) {
            return node == null ? null : node.stringValue();
        }
        throw wrong(path(name), "a string", node);
    }

    /** A string that must be there. */
    public String require(String name) {
        String value = string(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /** A boolean, or {@code null}. */
    public @Nullable Boolean bool(String name) {
        JsonNode node = take(name);
        if (node == null || node.isBoolean()) {
            return node == null ? null : node.booleanValue();
        }
        throw wrong(path(name), "a boolean", node);
    }

    /** A number with all its digits, or {@code null}. */
    public @Nullable JsonNode number(String name) {
        JsonNode node = take(name);
        if (node == null || node.isNumber()) {
            return node;
        }
        throw wrong(path(name), "a number", node);
    }

    /** A whole number, or {@code null}. */
    public @Nullable Long whole(String name) {
        JsonNode node = take(name);
        if (node == null) {
            return null;
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        throw wrong(path(name), "a whole number", node);
    }

    /** The elements of an array; none where the field is absent. */
    public List<JsonNode> array(String name) {
        JsonNode node = take(name);
        if (node == null) {
            return List.of();
        }
        if (node.isArray()) {
            return List.copyOf(node.values());
        }
        throw wrong(path(name), "an array", node);
    }

    /** The objects of an array; none where the field is absent. */
    public List<Fields> objects(String name) {
        List<JsonNode> elements = array(name);
        if (elements.isEmpty()) {
            return List.of();
        }
        String where = path(name);
        List<Fields> objects = new ArrayList<>(elements.size());
        for (JsonNode element : elements) {
            if (!(element instanceof ObjectNode node)) {
                throw wrong(where + "[" + objects.size() + "]", "an object", element);
            }
            objects.add(new Fields(where, objects.size(), node));
        }
        inside.addAll(objects);
        return objects;
    }

    /** An object, or {@code null}. */
    public @Nullable Fields fields(String name) {
        JsonNode node = take(name);
        return node == null ? null : at(path(name), node);
    }

    /** Whether nobody took something that says something. */
    public boolean hasRest() {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isNull() && !isTaken(field.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** What nobody took, in its order; {@code null} values too. */
    public Map<String, JsonNode> rest() {
        Map<String, JsonNode> rest = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (!isTaken(field.getKey())) {
                rest.put(field.getKey(), field.getValue());
            }
        });
        return rest;
    }

    /** The failure that a field is missing. */
    public ApiException missing(String name) {
        return ApiError.invalid(path(name), "'" + path(name) + "' is required").exception();
    }

    /** The failure that a field's value cannot be what it is. */
    public ApiException invalid(String name, String expected) {
        return ApiError.invalid(path(name), "'" + path(name) + "' must be " + expected)
                .exception();
    }

    /** The failure that a node has the wrong type. */
    public static ApiException wrong(String path, String expected, @Nullable JsonNode node) {
        String found = node == null
                ? "absent"
                : switch (node.getNodeType()) {
                    case OBJECT -> "an object";
                    case ARRAY -> "an array";
                    case STRING -> "a string";
                    case NUMBER -> "a number";
                    case BOOLEAN -> "a boolean";
                    default -> "null";
                };
        String field = path.isEmpty() ? "the body" : "'" + path + "'";
        return ApiError.invalid(path, field + " must be " + expected + ", not " + found)
                .exception();
    }
}
