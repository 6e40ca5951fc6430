package io.omniroute.app.local;

import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** When what a gateway needs is brought along: in the default profile, unless production is meant as well, however it is spelt. */
public final class LocalDefault {

    /** The profiles, as an expression. */
    public static final String PROFILES = "default & !prod";

    private LocalDefault() {}

    /** Whether these settings are those of the local default. */
    public static boolean isActive(Environment environment) {
        return environment.acceptsProfiles(Profiles.of(PROFILES));
    }
}
