package io.omniroute.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets variables of a file of variables, as dotenv reads it: everything else stays as it is, with its comments. */
final class EnvFile {

    /** A name, and a value in quotes, which may have several lines, or up to the end of the line or its comment. */
    private static final Pattern ASSIGNMENT = Pattern.compile("""
            (?mx)
            ^\\h* (?:export\\h+)? ([\\w.-]+) (?:\\h*=\\h*|:\\h+)
            (
              (?: "[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+" | '[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+' | `[^`]*+` ) (?=\\h*(?:\\#.*)?$)
            | [^\\#\\r\\n]*
            )
            """);

    /** Where the value of a variable is. */
    private record Assignment(String name, String value, int start, int end) {}

    private EnvFile() {}

    /**
     * The file with the lines of {@code wanted} in it.
     *
     * @param kept stays, if it is there and not empty, where it is wanted
     */
    static String merged(String text, String wanted, String kept) {
        List<Assignment> there = assignments(text);
        TextEdits edits = new TextEdits(text);
        StringBuilder fresh = new StringBuilder();
        for (Assignment one : assignments(wanted)) {
            List<Assignment> same = there.stream()
                    .filter(other -> other.name().equals(one.name()))
                    .toList();
            if (same.isEmpty()) {
                fresh.append(one.name()).append('=').append(one.value()).append('\n');
            } else if (!one.value().contains(kept) || unquoted(same.getLast()).isBlank()) {
                same.forEach(other -> edits.replace(other.start(), other.end(), one.value()));
            }
        }
        if (!fresh.isEmpty()) {
            edits.append(fresh.toString());
        }
        return edits.result();
    }

    /** The value of a variable; the last one that is given to it counts. */
    static Optional<String> value(String text, String name) {
        return assignments(text).stream()
                .filter(one -> one.name().equals(name))
                .reduce((one, later) -> later)
                .map(EnvFile::unquoted);
    }

    private static String unquoted(Assignment one) {
        String value = one.value();
        boolean quoted = value.length() > 1
                && "\"'`".indexOf(value.charAt(0)) >= 0
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static List<Assignment> assignments(String text) {
        List<Assignment> found = new ArrayList<>();
        Matcher matcher = ASSIGNMENT.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2).stripTrailing();
            found.add(new Assignment(matcher.group(1), value, matcher.start(2), matcher.start(2) + value.length()));
        }
        return found;
    }
}
