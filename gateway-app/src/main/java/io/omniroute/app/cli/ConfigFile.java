package io.omniroute.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of a client's, and what must stand in it. Merging sets just that: everything else of the file stays, with its comments.
 *
 * @param place where it is, {@code ~} for the home folder
 * @param kind how it is written
 * @param text what must stand in it; a file of its own would have just that
 */
record ConfigFile(String place, Kind kind, String text) {

    /** Stands for the key where nobody said it; an existing one is never replaced by it. */
    static final String KEY = "<your OmniRoute key>";

    /** How a file is written. */
    enum Kind {
        JSON {
            @Override
            String merged(String existing, String wanted) {
                ObjectNode members = (ObjectNode) JsonMapper.shared().readTree(wanted);
                if (existing.contains("ANTHROPIC_AUTH_TOKEN")
                        && members.path("env").isObject()) {
                    ((ObjectNode) members.get("env")).remove("ANTHROPIC_AUTH_TOKEN");
                }
                return JsoncFile.merged(existing, members);
            }
        },
        TOML {
            @Override
            String merged(String existing, String wanted) {
                List<String> lines = new ArrayList<>(existing.lines().toList());
                int header = wanted.indexOf("\n[");
                List<String> top = wanted.substring(0, header).strip().lines().toList();
                List<String> table = wanted.substring(header).strip().lines().toList();
                if (lines.stream().anyMatch(line -> INLINE.matcher(line).find())) {
                    throw new IllegalArgumentException("has the provider omniroute in one line; change it by hand");
                }
                int start = 0;
                while (start < lines.size()
                        && !OWN_TABLE.matcher(lines.get(start)).matches()) {
                    start++;
                }
                if (start == lines.size()) {
                    if (!lines.isEmpty() && !lines.getLast().isBlank()) {
                        lines.add("");
                    }
                    lines.addAll(table);
                } else {
                    int first = start + 1;
                    for (String line : table.subList(1, table.size()).reversed()) {
                        set(lines, line, first, nextTable(lines, first));
                    }
                }
                for (String line : top.reversed()) {
                    set(lines, line, 0, nextTable(lines, 0));
                }
                return String.join("\n", lines) + "\n";
            }
        },
        ENV {
            @Override
            String merged(String existing, String wanted) {
                List<String> lines = new ArrayList<>(existing.lines().toList());
                wanted.lines().forEach(line -> {
                    boolean known =
                            lines.stream().anyMatch(other -> variable(other).equals(variable(line)));
                    if (!known) {
                        lines.add(line);
                    } else if (!line.contains(KEY)) {
                        set(lines, line, 0, lines.size());
                    }
                });
                return String.join("\n", lines) + "\n";
            }
        },
        YAML {
            @Override
            String merged(String existing, String wanted) {
                List<String> lines = new ArrayList<>(existing.lines().toList());
                String list = wanted.substring(wanted.indexOf("models:"));
                int own = 0;
                while (own < lines.size() && !OWN_ITEM.matcher(lines.get(own)).matches()) {
                    own++;
                }
                if (own < lines.size()) {
                    list.lines()
                            .map(String::strip)
                            .filter(line -> CHANGING.matcher(line).lookingAt())
                            .forEach(line -> put(lines, ownItem(lines), line));
                    return String.join("\n", lines) + "\n";
                }
                int models = 0;
                while (models < lines.size() && !lines.get(models).matches("models\\s*:.*")) {
                    models++;
                }
                String item =
                        list.substring(list.indexOf('\n') + 1).stripTrailing().stripIndent();
                if (models == lines.size()) {
                    lines.addAll((existing.isBlank() ? wanted : list).lines().toList());
                } else if (lines.get(models).matches("models\\s*:\\s*(\\[\\s*])?\\s*(#.*)?")) {
                    lines.set(models, lines.get(models).replaceFirst("\\s*\\[\\s*]", ""));
                    lines.addAll(
                            models + 1,
                            item.indent(indent(lines, models + 1)).lines().toList());
                } else {
                    throw new IllegalArgumentException("has its models in one line; change it by hand");
                }
                return String.join("\n", lines) + "\n";
            }

            private int ownItem(List<String> lines) {
                int own = 0;
                while (!OWN_ITEM.matcher(lines.get(own)).matches()) {
                    own++;
                }
                return own;
            }

            /** Sets a member of the item that begins there. */
            private void put(List<String> lines, int item, String member) {
                int column = lines.get(item).indexOf("name:");
                String name = member.substring(0, member.indexOf(':') + 1);
                int end = item + 1;
                while (end < lines.size()
                        && (lines.get(end).isBlank()
                                || lines.get(end).indexOf(lines.get(end).strip()) >= column)) {
                    if (lines.get(end).startsWith(name, column)) {
                        lines.set(end, " ".repeat(column) + member);
                        return;
                    }
                    end++;
                }
                lines.add(item + 1, " ".repeat(column) + member);
            }

            /** How far the items of a list stand from the left. */
            private int indent(List<String> lines, int from) {
                for (String line : lines.subList(from, lines.size())) {
                    String text = line.stripLeading();
                    if (text.startsWith("- ")) {
                        return line.length() - text.length();
                    }
                    if (!text.isEmpty() && !text.startsWith("#")) {
                        break;
                    }
                }
                return 2;
            }
        };

        private static final Pattern OWN_ITEM =
                Pattern.compile("\\s*-\\s+name\\s*:\\s*[\"']?OmniRoute[\"']?\\s*(#.*)?");
        /** What is another with every model and gateway. */
        private static final Pattern CHANGING = Pattern.compile("(model|apiBase):");

        private static final Pattern OWN_TABLE =
                Pattern.compile("\\s*\\[\\s*model_providers\\s*\\.\\s*[\"']?omniroute[\"']?\\s*]\\s*(#.*)?");
        private static final Pattern TABLE = Pattern.compile("\\s*\\[\\[?[\\w.\"' -]+]?]\\s*(#.*)?");
        private static final Pattern INLINE =
                Pattern.compile("^\\s*(model_providers\\s*(\\.|=)|[\"']?omniroute[\"']?\\s*(\\.|=\\s*\\{))");

        /** The file with what must stand in it. */
        abstract String merged(String existing, String wanted);

        private static String variable(String line) {
            int equals = line.indexOf('=');
            return equals < 0
                    ? ""
                    : line.substring(0, equals)
                            .replaceFirst("^\\s*export\\s+", "")
                            .replaceAll("[\"']", "")
                            .strip();
        }

        /** Sets a line among some, in its place or before all others. */
        private static void set(List<String> lines, String line, int from, int to) {
            for (int i = from; i < to; i++) {
                if (variable(lines.get(i)).equals(variable(line))) {
                    lines.set(i, line);
                    return;
                }
            }
            lines.add(from, line);
        }

        private static int nextTable(List<String> lines, int from) {
            for (int i = from; i < lines.size(); i++) {
                if (TABLE.matcher(lines.get(i)).matches()) {
                    return i;
                }
            }
            return lines.size();
        }
    }

    /** The file in a home folder; where there is one of the same name for JSON with comments, that one. */
    Path in(Path home) {
        Path file = home.resolve(place.substring(2));
        Path commented = file.resolveSibling(file.getFileName() + "c");
        return kind == Kind.JSON && !Files.exists(file) && Files.exists(commented) ? commented : file;
    }

    /**
     * Merges what must stand there into the file, or makes it. The file is replaced as a whole, so that nobody finds half of it.
     *
     * @throws IllegalArgumentException if the file cannot be read as what it is
     */
    void merge(Path home) throws IOException {
        Path file = in(home);
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return;
        }
        Path real = file.toRealPath();
        String merged = mergedInto(Files.readString(real));
        Path fresh = real.resolveSibling(real.getFileName() + ".omniroute");
        try {
            Files.copy(real, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(fresh, merged);
            Files.move(fresh, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** A mark of the byte order and the ends of lines stay what they are. */
    private String mergedInto(String existing) {
        String mark = existing.startsWith("\uFEFF") ? "\uFEFF" : "";
        String plain = existing.substring(mark.length());
        if (plain.isBlank()) {
            return mark + text;
        }
        String merged = kind.merged(plain, text);
        boolean windows = plain.contains("\r\n");
        return mark + (windows ? merged.replace("\r\n", "\n").replace("\n", "\r\n") : merged);
    }
}
