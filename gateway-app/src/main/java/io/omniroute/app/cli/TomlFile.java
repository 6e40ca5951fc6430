package io.omniroute.app.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Sets values of a TOML file that a person has written: everything else stays as it is, with its comments. What was made is read
 * again and compared; a file in which a value cannot be set so is refused.
 */
final class TomlFile {

    private static final TomlMapper TOML = new TomlMapper();

    private final String text;
    private final String wanted;
    private final List<TomlStatement> statements;
    private final TextEdits edits;

    private TomlFile(String text, String wanted) {
        this.text = text;
        this.wanted = wanted;
        this.statements = TomlScanner.statements(text);
        this.edits = new TextEdits(text);
    }

    /**
     * The file with the values of {@code wanted} in it.
     *
     * @param kept values that stay if they are there, with dots between the parts of their names
     * @throws JacksonException if the text is not TOML
     * @throws IllegalArgumentException if it cannot be changed line by line
     */
    static String merged(String text, String wanted, Set<String> kept) {
        JsonNode before = TOML.readTree(text);
        TomlFile file = new TomlFile(text, wanted);
        ObjectNode goal = before.isObject() ? (ObjectNode) before.deepCopy() : TOML.createObjectNode();
        JsonNode values = TOML.readTree(wanted);
        Map<List<String>, StringBuilder> fresh = new LinkedHashMap<>();
        for (TomlStatement one : TomlScanner.statements(wanted)) {
            boolean stays = kept.contains(String.join(".", one.path()))
                    && at(before, one.path()).isString();
            if (one.isValue() && !stays) {
                put(goal, one.path(), at(values, one.path()));
                file.set(one, fresh);
            }
        }
        fresh.forEach(file::add);
        String result = file.edits.result();
        if (!goal.equals(readOrNothing(result))) {
            throw new IllegalArgumentException(
                    "is written in a way that cannot be changed line by line; change it by hand");
        }
        return result;
    }

    private static JsonNode readOrNothing(String result) {
        try {
            return TOML.readTree(result);
        } catch (JacksonException invalid) {
            return TOML.missingNode();
        }
    }

    private static JsonNode at(JsonNode root, List<String> path) {
        JsonNode inside = root;
        for (String name : path) {
            inside = inside.path(name);
        }
        return inside;
    }

    private static void put(ObjectNode root, List<String> path, JsonNode value) {
        ObjectNode inside = root;
        for (String name : path.subList(0, path.size() - 1)) {
            JsonNode deeper = inside.path(name);
            if (!deeper.isMissingNode() && !deeper.isObject()) {
                throw new IllegalArgumentException("has a value where a table is expected: " + name);
            }
            inside = deeper.isObject() ? (ObjectNode) deeper : inside.putObject(name);
        }
        inside.set(path.getLast(), value);
    }

    private void set(TomlStatement one, Map<List<String>, StringBuilder> fresh) {
        String value = wanted.substring(one.valueStart(), one.valueEnd());
        for (TomlStatement other : statements) {
            if (other.isValue() && other.path().equals(one.path())) {
                edits.replace(other.valueStart(), other.valueEnd(), value);
                return;
            }
            if (other.isValue() && one.isBelow(other.path())) {
                throw new IllegalArgumentException(
                        "has " + String.join(".", other.path()) + " in one line; change it by hand");
            }
        }
        fresh.computeIfAbsent(one.path().subList(0, one.path().size() - 1), table -> new StringBuilder())
                .append(one.path().getLast())
                .append(" = ")
                .append(value)
                .append('\n');
    }

    /** Adds values that were not there to the table where others of it are, or with a header of their own. */
    private void add(List<String> table, StringBuilder lines) {
        List<TomlStatement> siblings = siblings(table).toList();
        TomlStatement header = statements.stream()
                .filter(other -> !other.isValue() && other.path().equals(table))
                .findFirst()
                .orElse(null);
        if (header != null) {
            edits.insertAfterLineOf(header.valueEnd(), lines.toString());
        } else if (!siblings.isEmpty()) {
            TomlStatement last = siblings.getLast();
            String prefix = Matcher.quoteReplacement(text.substring(last.keyStart(), last.nameStart()));
            edits.insertAfterLineOf(last.valueEnd(), lines.toString().replaceAll("(?m)^(?=.)", prefix));
        } else if (table.isEmpty()) {
            edits.insert(0, text.startsWith("[") ? lines + "\n" : lines.toString());
        } else {
            edits.append((text.isBlank() || text.endsWith("\n\n") ? "" : "\n") + "[" + String.join(".", table) + "]\n"
                    + lines);
        }
    }

    /** Values of the same table: those at the root only where they are of what is wanted, so that all of it stands together. */
    private Stream<TomlStatement> siblings(List<String> table) {
        Set<List<String>> together = Set.copyOf(
                TomlScanner.statements(wanted).stream().map(TomlStatement::path).toList());
        return statements.stream()
                .filter(other -> other.isValue()
                        && other.isBelow(table)
                        && other.path().size() == table.size() + 1
                        && (!table.isEmpty() || together.contains(other.path())));
    }
}
