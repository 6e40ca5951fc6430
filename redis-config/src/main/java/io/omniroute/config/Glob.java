package io.omniroute.config;

import java.util.Locale;

/**
 * A pattern with {@code *} for any number of characters, slashes included, and {@code ?} for exactly one. Matches in linear
 * space and, for the patterns that people write, linear time; never by a regular expression.
 */
public record Glob(String pattern) {

    /** Whether the whole name matches, case-sensitively. */
    public boolean matches(String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Whether the whole name matches, whatever its case. */
    boolean matchesIgnoringCase(String name) {
        return new Glob(pattern.toLowerCase(Locale.ROOT)).matches(name.toLowerCase(Locale.ROOT));
    }

    /** Whether a text has a wildcard in it. */
    static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    /** OmniRoute's measure of how narrow a pattern is: the highest wins where several match. */
    int specificity() {
        int stars = (int) pattern.chars().filter(c -> c == '*').count();
        int marks = (int) pattern.chars().filter(c -> c == '?').count();
        int literals = pattern.length() - stars - marks;
        return 10 * literals - 50 * stars - 5 * marks + pattern.length();
    }
}
