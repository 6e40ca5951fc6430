package io.omniroute.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What a team or a key may call: patterns over whole canonical names; one that begins with {@code !} denies. No pattern
 * grants nothing.
 */
public final class ModelPatterns {

    private final List<String> written;
    private final List<Glob> grants = new ArrayList<>();
    private final List<Glob> denials = new ArrayList<>();

    private ModelPatterns(List<String> written) {
        this.written = List.copyOf(written);
        for (String pattern : written) {
            if (pattern.startsWith("!")) {
                denials.add(new Glob(pattern.substring(1)));
            } else {
                grants.add(new Glob(pattern));
            }
        }
    }

    /** Compiles patterns as they are written in YAML or on the command line. */
    public static ModelPatterns of(List<String> patterns) {
        return new ModelPatterns(patterns);
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
        boolean denied = found.path().stream().anyMatch(this::denies)
                || found.combo().reached().anyMatch(target -> denies(target.name()))
                || denies(found.combo().name());
        if (denied) {
            return false;
        }
        return (found.named() && grants(found.asked()))
                || found.combo().reached().allMatch(target -> grants(target.name()));
    }

    private boolean grants(String name) {
        return grants.stream().anyMatch(glob -> glob.matches(name));
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
