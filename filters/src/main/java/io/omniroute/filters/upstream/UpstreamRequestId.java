package io.omniroute.filters.upstream;

import io.omniroute.filters.attempt.UpstreamAnswer;
import io.omniroute.filters.call.AnswerHeader;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/** The provider's id of a request, the only thing of its response's head that a client gets to see. */
final class UpstreamRequestId {

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._:/+=-]{1,200}");

    private UpstreamRequestId() {}

    static void copy(UpstreamAnswer fromProvider, HttpHeaders toClient) {
        String id = fromProvider.header("x-request-id");
        String other = id == null ? fromProvider.header("request-id") : id;
        if (other != null && WELL_FORMED.matcher(other).matches()) {
            AnswerHeader.UPSTREAM_REQUEST_ID.set(toClient, other);
        }
    }
}
