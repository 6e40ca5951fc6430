package io.omniroute.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a team or a key may call: patterns over whole canonical names; one that begins with {@code !} denies. No pattern
 * grants nothing.
 */
public final class ModelPatterns {

    /** Grants everything. */
    static final ModelPatterns ALL = of(List.of("*"));

    private final List<String> written;
    private final List<Glob> grants = new ArrayList<>();
    private final List<Glob> denials = new ArrayList<>();
    private final boolean everything;

    private ModelPatterns(List<String> written) {
        this.written = List.copyOf(written);
        for (String pattern : written) {
            if (pattern.startsWith("!")) {
                denials.add(new Glob(pattern.substring(1)));
            } else {
                grants.add(new Glob(pattern));
            }
        }
        everything = denials.isEmpty() && written.contains("*");
    }

    /** Compiles patterns as they are written in YAML or on the command line. */
    public static ModelPatterns of(List<String> patterns) {
        return new ModelPatterns(patterns.stream().map(String::strip).toList());
    }

    /** What is wrong with patterns as they are written; empty if nothing is. */
    public static Optional<String> problem(List<String> patterns) {
        if (!patterns.isEmpty()
                && patterns.stream().allMatch(pattern -> pattern.strip().startsWith("!"))) {
            return Optional.of(
                    "only denies, and so allows nothing (expected a pattern that grants, too, such as \"*\")");
        }
        return patterns.stream()
                .map(pattern -> pattern.strip().replaceFirst("^!", ""))
                .filter(pattern -> pattern.isEmpty()
                        || pattern.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c)))
                .findFirst()
                .map(pattern -> pattern.isEmpty()
                        ? "has an empty pattern"
                        : "has the pattern \"" + pattern + "\", which no model's name can match (spaces)");
    }

    /** The patterns as they were written. */
    public List<String> written() {
        return written;
    }

    /**
     * Whether these patterns allow what a name resolves to. A denial holds for every name on the way and for every target,
     * whatever their case, because patterns of aliases match whatever the case. A grant is
     * enough on the name if the name is an alias or a combo, else all targets must be granted.
     */
    boolean allow(Resolution.Found found) {
        if (everything) {
            return true;
        }
        if (!denials.isEmpty()
                && (deniesName(found) || found.combo().reached().anyMatch(target -> denies(target.name())))) {
            return false;
        }
        return (found.named() && grantsName(found))
                || found.combo().reached().allMatch(target -> grants(target.name()));
    }

    /** Whether a name on the way to a combo is denied. */
    boolean deniesName(Resolution.Found found) {
        return found.path().stream().anyMatch(this::denies)
                || denies(found.combo().name());
    }

    /** Whether the name that was asked for is granted. */
    boolean grantsName(Resolution.Found found) {
        return grants(found.asked());
    }

    /**
     * What these patterns allow of a combo that nobody declared: the targets that are not denied.
     *
     * @param granted whether its name is granted; if not, only targets that are granted themselves are allowed
     */
    List<Target> part(List<Target> targets, boolean granted) {
        return targets.stream()
                .filter(target -> !denies(target.name()) && (granted || grants(target.name())))
                .toList();
    }

    private boolean grants(String name) {
        for (Glob glob : grants) {
            if (glob.matches(name)) {
                return true;
            }
        }
        return false;
    }

    private boolean denies(String name) {
        return denials.stream().anyMatch(glob -> glob.matchesIgnoringCase(name));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelPatterns patterns && written.equals(patterns.written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return written.toString();
    }
}
