package io.omniroute.config;

/** How the gateway authenticates at a provider. */
public sealed interface UpstreamAuth {

    /** How many hexadecimal digits tell credentials apart. */
    int MARK = 8;

    /** Tells one credential from the next of the same account, and nothing else of it. */
    String mark();

    /** The usual way of the format that is spoken: {@code Authorization: Bearer}, {@code x-api-key} and so on. */
    record FormatDefault(Secret credential) implements UpstreamAuth {

        @Override
        public String mark() {
            return UpstreamAuth.mark(credential);
        }
    }

    /** The credential in a header of this name, with nothing around it. */
    record Header(String name, Secret credential) implements UpstreamAuth {

        @Override
        public String mark() {
            return UpstreamAuth.mark(credential);
        }
    }

    /** None: a local server. */
    record None() implements UpstreamAuth {

        @Override
        public String mark() {
            return "";
        }
    }

    private static String mark(Secret credential) {
        return KeyHash.ofKey(credential.value()).hex().substring(0, MARK);
    }
}
