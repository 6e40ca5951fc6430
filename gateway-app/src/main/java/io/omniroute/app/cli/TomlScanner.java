package io.omniroute.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Finds the statements of a text that is valid TOML 1.0; lines inside strings and lists, and comments, are none. */
final class TomlScanner {

    private static final TomlMapper TOML = new TomlMapper();

    private final String text;
    private final List<TomlStatement> found = new ArrayList<>();
    private List<String> table = List.of();
    private int at;

    private TomlScanner(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if something stands where a statement must */
    static List<TomlStatement> statements(String text) {
        TomlScanner scanner = new TomlScanner(text);
        for (scanner.skip(" \t\r\n"); scanner.at < text.length(); scanner.skip(" \t\r\n")) {
            switch (text.charAt(scanner.at)) {
                case '#' -> scanner.at = scanner.lineEnd();
                case '[' -> scanner.header();
                default -> scanner.value();
            }
        }
        return scanner.found;
    }

    private void header() {
        int start = at;
        skip("[");
        int key = at;
        int name = key(']');
        table = path(text.substring(key, at));
        at = lineEnd();
        found.add(new TomlStatement(false, table, start, name, at, at));
    }

    private void value() {
        int start = at;
        int name = key('=');
        List<String> path = new ArrayList<>(table);
        path.addAll(path(text.substring(start, at)));
        at++;
        skip(" \t");
        int value = at;
        skipValue();
        found.add(new TomlStatement(true, List.copyOf(path), start, name, value, at));
    }

    /** Goes to what ends the key, and tells where its last part begins. */
    private int key(char end) {
        skip(" \t");
        int name = at;
        while (at < text.length() && text.charAt(at) != end) {
            switch (text.charAt(at)) {
                case '"', '\'' -> skipString();
                case '\n' -> throw new IllegalArgumentException("has a line that is no statement");
                case '.' -> {
                    at++;
                    skip(" \t");
                    name = at;
                }
                default -> at++;
            }
        }
        return name;
    }

    /** The parts of a key, as whoever reads the file understands them. */
    private static List<String> path(String key) {
        List<String> path = new ArrayList<>();
        JsonNode inside = TOML.readTree(key + " = 0");
        while (inside.isObject()) {
            Map.Entry<String, JsonNode> only = inside.properties().iterator().next();
            path.add(only.getKey());
            inside = only.getValue();
        }
        return List.copyOf(path);
    }

    private void skipValue() {
        switch (at < text.length() ? text.charAt(at) : '\n') {
            case '"', '\'' -> skipString();
            case '[', '{' -> skipNested();
            default -> {
                int start = at;
                while (at < text.length() && "#\r\n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                at = start + text.substring(start, at).stripTrailing().length();
            }
        }
    }

    private void skipNested() {
        int depth = 0;
        do {
            switch (text.charAt(at)) {
                case '"', '\'' -> skipString();
                case '#' -> at = lineEnd();
                case '[', '{' -> {
                    depth++;
                    at++;
                }
                case ']', '}' -> {
                    depth--;
                    at++;
                }
                default -> at++;
            }
        } while (depth > 0 && at < text.length());
    }

    /** One line or several; the latter may have two quotes more before those that end it. */
    private void skipString() {
        String quote = text.substring(at, at + 1);
        boolean isLong = text.startsWith(quote.repeat(3), at);
        String end = isLong ? quote.repeat(3) : quote;
        at += end.length();
        while (at < text.length() && !text.startsWith(end, at)) {
            at += quote.equals("\"") && text.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(text.length(), at + end.length());
        for (int more = 0; isLong && more < 2 && text.startsWith(quote, at); more++) {
            at++;
        }
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private int lineEnd() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }
}
