package io.omniroute.config;

/** How the gateway authenticates at a provider. */
public sealed interface UpstreamAuth {

    /** The usual way of the format that is spoken: {@code Authorization: Bearer}, {@code x-api-key} and so on. */
    record FormatDefault(Secret credential) implements UpstreamAuth {}

    /** The credential in a header of this name, with nothing around it. */
    record Header(String name, Secret credential) implements UpstreamAuth {}

    /** None: a local server. */
    record None() implements UpstreamAuth {}
}
