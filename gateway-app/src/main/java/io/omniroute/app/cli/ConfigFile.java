package io.omniroute.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
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
                removeTable(lines, table.getFirst());
                if (!lines.isEmpty() && !lines.getLast().isBlank()) {
                    lines.add("");
                }
                lines.addAll(table);
                for (int i = top.size() - 1; i >= 0; i--) {
                    set(lines, top.get(i), firstTable(lines));
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
                        set(lines, line, lines.size());
                    }
                });
                return String.join("\n", lines) + "\n";
            }
        },
        YAML {
            @Override
            String merged(String existing, String wanted) {
                if (existing.contains("name: OmniRoute")) {
                    throw new IllegalArgumentException("has a model OmniRoute already; change it by hand");
                }
                Matcher models =
                        Pattern.compile("(?m)^models:[ \t]*$(?:\\n([ ]*)- )?").matcher(existing);
                String item = wanted.substring(wanted.indexOf('\n') + 1);
                if (!models.find()) {
                    return existing + (existing.endsWith("\n") ? "" : "\n") + wanted;
                }
                int end = models.start() + "models:".length();
                String indent = models.group(1) == null ? "  " : models.group(1);
                return existing.substring(0, end) + "\n"
                        + item.stripTrailing()
                                .stripIndent()
                                .indent(indent.length())
                                .stripTrailing() + existing.substring(end);
            }
        };

        /** The file with what must stand in it. */
        abstract String merged(String existing, String wanted);

        private static String variable(String line) {
            int equals = line.indexOf('=');
            return equals < 0
                    ? ""
                    : line.substring(0, equals)
                            .replaceFirst("^\\s*export\\s+", "")
                            .strip();
        }

        /** Sets a line among the first ones, in its place or before all others. */
        private static void set(List<String> lines, String line, int before) {
            for (int i = 0; i < before; i++) {
                if (variable(lines.get(i)).equals(variable(line))) {
                    lines.set(i, line);
                    return;
                }
            }
            lines.addFirst(line);
        }

        private static int firstTable(List<String> lines) {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).stripLeading().startsWith("[")) {
                    return i;
                }
            }
            return lines.size();
        }

        private static void removeTable(List<String> lines, String header) {
            int start = lines.indexOf(header);
            if (start < 0) {
                return;
            }
            int end = start + 1;
            while (end < lines.size() && !lines.get(end).stripLeading().startsWith("[")) {
                end++;
            }
            lines.subList(start, end).clear();
        }
    }

    /** The file in a home folder. */
    Path in(Path home) {
        return home.resolve(place.substring(2));
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
        String existing = Files.readString(real);
        Path fresh = real.resolveSibling(real.getFileName() + ".omniroute");
        Files.copy(real, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(fresh, existing.isBlank() ? text : kind.merged(existing, text));
        Files.move(fresh, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
