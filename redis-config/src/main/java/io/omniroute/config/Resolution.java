package io.omniroute.config;

import java.util.List;

/** What a name that a client asked for means in one catalog. */
public sealed interface Resolution {

    /** The name as it was asked. */
    String asked();

    /**
     * The name means something that can be called.
     *
     * @param named whether the name is an alias or a combo, which can be granted by itself, and not a model
     * @param path every name that was passed on the way, the asked one, aliases as they are written, and the combo
     */
    record Found(String asked, Combo combo, boolean named, List<String> path) implements Resolution {

        public Found {
            path = List.copyOf(path);
        }
    }

    /** Several providers have a model of that name; the candidates are its full names. */
    record Ambiguous(String asked, List<String> candidates) implements Resolution {}

    /** Nothing has that name. */
    record Unknown(String asked) implements Resolution {}
}
