package io.omniroute.filters.upstream;

import java.util.Locale;
import java.util.Set;

/** Headers of a client that never reach a provider, even if someone puts them on an allow-list. */
final class NeverForwarded {

    private static final Set<String> NAMES = Set.of(
            "authorization",
            "x-api-key",
            "x-goog-api-key",
            "api-key",
            "cookie",
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "upgrade",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "trailer",
            "forwarded");

    private NeverForwarded() {}

    static boolean contains(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return NAMES.contains(lower) || lower.startsWith("x-omniroute-") || lower.startsWith("x-forwarded-");
    }
}
