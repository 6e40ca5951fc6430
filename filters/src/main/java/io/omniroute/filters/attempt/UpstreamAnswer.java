package io.omniroute.filters.attempt;

import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * A provider's response whose head is there.
 *
 * @param head status and headers
 * @param connection where the body comes from; must be read to its end or disposed of
 */
public record UpstreamAnswer(HttpClientResponse head, Connection connection) {

    /** The HTTP status. */
    public int status() {
        return head.status().code();
    }

    /** The first header of that name, in any case. */
    public @Nullable String header(String name) {
        return head.responseHeaders().get(name);
    }
}
