package io.omniroute.filters.upstream;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.EditedBody;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** The headers that a provider is sent: of the client's only those on the allow-list of the format and the provider. */
final class UpstreamHeaders {

    private UpstreamHeaders() {}

    /** All headers of a request but its credential. */
    static HttpHeaders of(AttemptExchange exchange, Call call, EditedBody body) {
        Attempt attempt = exchange.attempt();
        HttpHeaders fromClient = exchange.call().getRequest().getHeaders();
        HttpHeaders headers = new HttpHeaders();
        attempt.format().requiredHeaders().forEach(headers::set);
        if (attempt.format() == call.endpoint().format()) {
            attempt.format().requestHeaders().forEach(name -> copy(name, fromClient, headers));
        }
        attempt.provider().requestHeaders().forEach(name -> copy(name, fromClient, headers));
        headers.set(HttpHeaders.USER_AGENT, "OmniRoute-Gateway");
        attempt.provider().headers().forEach(headers::set);
        ExchangeAttributes.find(exchange, Translation.class)
                .ifPresent(translation -> translation.headers().forEach((name, value) -> add(name, value, headers)));
        headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        headers.setContentLength(body.length());
        headers.set(
                HttpHeaders.ACCEPT,
                call.stream() ? MediaType.TEXT_EVENT_STREAM_VALUE : MediaType.APPLICATION_JSON_VALUE);
        headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
        headers.set("idempotency-key", call.id().own() + "-" + exchange.number());
        return headers;
    }

    private static void add(String name, String value, HttpHeaders to) {
        String known = to.getFirst(name);
        to.set(name, known == null ? value : known + "," + value);
    }

    private static void copy(String name, HttpHeaders from, HttpHeaders to) {
        List<String> values = from.get(name);
        if (values != null && !NeverForwarded.contains(name)) {
            to.put(name, List.copyOf(values));
        }
    }
}
