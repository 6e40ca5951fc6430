package io.omniroute.config;

import java.util.Optional;
import java.util.Set;

/**
 * What holds for calls of a combo, whatever its targets are.
 *
 * @param fallBackOn the kinds of failure after which the next target is tried; absent means every failure that is not the
 *     request's own
 * @param sticky how many turns in a row a target has where they take turns
 * @param stickySessions whether calls of a session stay with the account that has answered it
 * @param demands what it asks of its targets
 * @param patience what it does when none of them has answered
 * @param panel how its targets answer together, where they do
 * @param scoring what its targets are scored by, where they are
 * @param systemPrompt what its targets are told before the conversation; may be empty
 */
public record ComboSettings(
        Optional<Set<String>> fallBackOn,
        int sticky,
        boolean stickySessions,
        Demands demands,
        Patience patience,
        Panel panel,
        Scoring scoring,
        String systemPrompt) {

    public ComboSettings {
        fallBackOn = fallBackOn.map(Set::copyOf);
    }

    /** Settings in which nothing else is said. */
    static ComboSettings of(Optional<Set<String>> fallBackOn, int sticky, Demands demands, Patience patience) {
        return new ComboSettings(fallBackOn, sticky, true, demands, patience, Panel.DEFAULT, Scoring.DEFAULT, "");
    }

    /** The same with another panel. */
    ComboSettings with(Panel other) {
        return new ComboSettings(fallBackOn, sticky, stickySessions, demands, patience, other, scoring, systemPrompt);
    }

    /** The same, where sessions stay where they are or do not. */
    ComboSettings withStickySessions(boolean stay) {
        return new ComboSettings(fallBackOn, sticky, stay, demands, patience, panel, scoring, systemPrompt);
    }

    /** The same with other scores. */
    ComboSettings with(Scoring other) {
        return new ComboSettings(fallBackOn, sticky, stickySessions, demands, patience, panel, other, systemPrompt);
    }

    /** The same with a prompt of its own. */
    ComboSettings with(String prompt) {
        return new ComboSettings(fallBackOn, sticky, stickySessions, demands, patience, panel, scoring, prompt);
    }
}
