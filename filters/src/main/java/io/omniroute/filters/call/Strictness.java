package io.omniroute.filters.call;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Whether a client would rather be refused than lose something of its request. */
public final class Strictness {

    /** The header that says so. */
    public static final String HEADER = "X-OmniRoute-Strict";

    private Strictness() {}

    /** Whether the request says so. */
    public static boolean isAsked(ServerHttpRequest request) {
        return "true".equalsIgnoreCase(request.getHeaders().getFirst(HEADER));
    }
}
