package io.omniroute.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with what is written: where, what, and what was expected. Never a value that could be a secret. */
final class Problems {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]*)[^}]*}");

    private final List<String> all = new ArrayList<>();

    /** All of them so far; others may add to it. */
    List<String> all() {
        return all;
    }

    void add(String where, String what, Object... values) {
        all.add(where + ": " + (values.length == 0 ? what : what.formatted(values)));
    }

    /** Whether a value needs variables that are not set, which is noted. */
    boolean unresolved(String where, String value) {
        Matcher placeholder = PLACEHOLDER.matcher(value);
        boolean found = false;
        while (placeholder.find()) {
            add(where, "needs the variable %s, which is not set", placeholder.group(1));
            found = true;
        }
        return found;
    }
}
