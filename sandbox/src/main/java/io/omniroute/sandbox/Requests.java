package io.omniroute.sandbox;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads requests: who asks, and what. */
final class Requests {

    private Requests() {}

    /** The credential, however it is sent; empty if there is none. */
    static String key(HttpServerRequest request) {
        String authorization = request.requestHeaders().get("authorization", "");
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7);
        }
        return request.requestHeaders()
                .get("x-api-key", request.requestHeaders().get("x-goog-api-key", ""));
    }

    static String masked(String key) {
        return key.length() < 8 ? "''" : key.substring(0, 4) + "****" + key.substring(key.length() - 4);
    }

    /** The headers by their names in lower case. */
    static Map<String, String> headers(HttpServerRequest request) {
        Map<String, String> headers = new HashMap<>();
        request.requestHeaders()
                .forEach(header -> headers.merge(
                        header.getKey().toLowerCase(Locale.ROOT), header.getValue(), (a, b) -> a + "," + b));
        return headers;
    }

    static @Nullable JsonNode parse(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException notJson) {
            return null;
        }
    }
}
