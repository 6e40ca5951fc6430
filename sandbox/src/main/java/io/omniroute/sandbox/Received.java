package io.omniroute.sandbox;

import java.util.Map;

/**
 * A request as it arrived.
 *
 * @param headers by lower-case name; several values are joined with a comma
 * @param body as text
 */
public record Received(String method, String path, Map<String, String> headers, String body) {

    public Received {
        headers = Map.copyOf(headers);
    }
}
