package io.omniroute.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of a client's, and what must stand in it. Merging sets just that: everything else of the file stays, with its comments.
 *
 * @param place where it is, {@code ~} for the home folder
 * @param kind how it is written
 * @param text what must stand in it; a file of its own would have just that
 * @param key where in it the key stands: a JSON pointer or a name; empty if it has none
 * @param kept values that stay if there are any: JSON pointers, or names with dots
 * @param rivals what gets in the way of it if it is there, as JSON pointers, with what happens then
 */
record ConfigFile(String place, Kind kind, String text, String key, Set<String> kept, Map<String, String> rivals) {

    /** Stands for the key where nobody said it; an existing one is never replaced by it. */
    static final String KEY = "<your OmniRoute key>";

    private static final String MARK = "\uFEFF";

    ConfigFile(String place, Kind kind, String text) {
        this(place, kind, text, "", Set.of(), Map.of());
    }

    /** How a file is written. */
    enum Kind {
        JSON("//") {
            @Override
            String merged(String existing, ConfigFile wanted) {
                return JsoncFile.merged(
                        existing, false, JsonMapper.shared().readTree(wanted.text()), wanted.kept(), KEY);
            }

            @Override
            Optional<String> value(String text, String place) {
                return JsoncFile.read(text, false).at(place).asStringOpt();
            }
        },
        JSON5("//") {
            @Override
            String merged(String existing, ConfigFile wanted) {
                return JsoncFile.merged(
                        existing, true, JsonMapper.shared().readTree(wanted.text()), wanted.kept(), KEY);
            }

            @Override
            Optional<String> value(String text, String place) {
                return JsoncFile.read(text, true).at(place).asStringOpt();
            }
        },
        TOML("#") {
            @Override
            String merged(String existing, ConfigFile wanted) {
                return TomlFile.merged(existing, wanted.text(), wanted.kept());
            }
        },
        ENV("#") {
            @Override
            String merged(String existing, ConfigFile wanted) {
                return EnvFile.merged(existing, wanted.text(), KEY);
            }

            @Override
            Optional<String> value(String text, String place) {
                return EnvFile.value(text, place);
            }
        },
        YAML("#") {
            @Override
            String merged(String existing, ConfigFile wanted) {
                return ContinueFile.merged(existing, wanted.text());
            }
        };

        private final String comment;

        Kind(String comment) {
            this.comment = comment;
        }

        /** The file with what must stand in it. */
        abstract String merged(String existing, ConfigFile wanted);

        /** A text in a file, where anybody asks for one. */
        Optional<String> value(String text, String place) {
            return Optional.empty();
        }
    }

    /** What must stand in it, below its place, so that several can be told from each other. */
    String titled() {
        return kind.comment + " " + place + "\n" + text;
    }

    /** The file in a home folder; where there is one of the same name for JSON with comments, that one. */
    Path in(Path home) {
        Path file = home.resolve(place.substring(2));
        Path commented = file.resolveSibling(file.getFileName() + "c");
        return kind == Kind.JSON && !Files.exists(file) && Files.exists(commented) ? commented : file;
    }

    /**
     * What the file will say: what it says, with what must stand there merged into it. A mark of the byte order stays.
     *
     * @throws IllegalArgumentException if the file cannot be read, or not be changed as what it is
     */
    String merged(String existing) {
        String mark = existing.startsWith(MARK) ? MARK : "";
        String plain = existing.substring(mark.length());
        if (plain.isBlank()) {
            return mark + text;
        }
        try {
            return mark + kind.merged(plain, this);
        } catch (JacksonException unreadable) {
            TokenStreamLocation place = unreadable.getLocation();
            throw new IllegalArgumentException("cannot be read as " + kind
                    + (place == null || place.getLineNr() < 1 ? "" : " (line " + place.getLineNr() + ")"));
        }
    }

    /** What the owner of the file has to know or to do, now that it says this. */
    List<String> notes(String merged) {
        String plain = merged.startsWith(MARK) ? merged.substring(MARK.length()) : merged;
        List<String> notes = new ArrayList<>();
        if (plain.contains(KEY)) {
            notes.add("put your key where it says " + KEY);
        }
        if (!key.isEmpty()) {
            kind.value(plain, key)
                    .map(this::note)
                    .filter(note -> !note.isEmpty())
                    .ifPresent(notes::add);
        }
        rivals.forEach((rival, harm) -> {
            if (kind.value(plain, rival).filter(value -> !value.isBlank()).isPresent()) {
                notes.add(name(rival) + " in it has to go: " + harm);
            }
        });
        return notes;
    }

    private String note(String value) {
        if (value.equals(KEY) || value.startsWith("sk-omni-")) {
            return "";
        }
        return name(key) + " stays as it was"
                + (value.startsWith("AIza") || value.startsWith("sk-ant-")
                        ? ", but is a key of the vendor's, which the gateway refuses: put your OmniRoute key there"
                        : "; it must be a key of the gateway's");
    }

    private static String name(String place) {
        return place.substring(place.lastIndexOf('/') + 1);
    }
}
