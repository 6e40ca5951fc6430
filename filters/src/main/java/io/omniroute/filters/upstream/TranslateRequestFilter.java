package io.omniroute.filters.upstream;

import io.omniroute.config.KnownFacts;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.combo.Attempt;
import io.omniroute.filters.combo.AttemptExchange;
import io.omniroute.filters.combo.AttemptRequest;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.Translation;
import java.net.URI;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Makes the request to the provider: its URL, its body in the provider's format, and of the client's headers only those on
 * the allow-list of the format and the provider.
 */
public final class TranslateRequestFilter implements GlobalFilter, Ordered {

    private static final String STREAM_OPTIONS = "stream_options";
    private static final String STRICT = "X-OmniRoute-Strict";

    private final SealedCarriers carriers;

    private final TargetProfiles profiles;

    /**
     * @param carriers pack what only one provider can read
     * @param known what is known of providers and models
     */
    public TranslateRequestFilter(SealedCarriers carriers, KnownFacts known) {
        this.carriers = carriers;
        this.profiles = new TargetProfiles(known);
    }

    @Override
    public int getOrder() {
        return Stage.TRANSLATE_REQUEST.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (exchange instanceof AttemptExchange attempt) {
            attempt.send(request(attempt, ExchangeAttributes.require(exchange, Call.class)));
        }
        return chain.filter(exchange);
    }

    private AttemptRequest request(AttemptExchange exchange, Call call) {
        Attempt attempt = exchange.attempt();
        byte[] body = attempt.format() == call.endpoint().format()
                ? sameFormat(exchange, attempt, call)
                : translated(exchange, attempt, call);
        return new AttemptRequest(
                exchange.call().getRequest(), url(call, attempt), headers(exchange, call, body), body);
    }

    private byte[] sameFormat(AttemptExchange exchange, Attempt attempt, Call call) {
        if (call.endpoint().operation() == Operation.CHAT && CarrierSeal.mayBeIn(call.body())) {
            // what was carried for another provider must not get to this one
            return translation(exchange, attempt, call).body();
        }
        boolean askUsage = call.stream() && !attempt.provider().unsupported().contains(STREAM_OPTIONS);
        return attempt.codec()
                .writeRequest(call.body(), call.head(), attempt.target().model(), askUsage);
    }

    private byte[] translated(AttemptExchange exchange, Attempt attempt, Call call) {
        Translation translation = translation(exchange, attempt, call);
        ExchangeAttributes.put(exchange, Translation.class, translation);
        return translation.body();
    }

    private Translation translation(AttemptExchange exchange, Attempt attempt, Call call) {
        boolean strict = "true"
                .equalsIgnoreCase(exchange.call().getRequest().getHeaders().getFirst(STRICT));
        CarrierSeal seal = carriers.of(ExchangeAttributes.find(exchange, Caller.class)
                .map(caller -> caller.key().organisation())
                .orElse(""));
        return new Translation(
                call.endpoint().format(),
                call.endpoint().format().chat().decode(call.body(), call.endpoint(), seal),
                attempt.format(),
                profiles.of(attempt),
                seal,
                strict);
    }

    private static URI url(Call call, Attempt attempt) {
        String operation = call.endpoint().operation().id();
        String path = attempt.provider()
                .paths()
                .getOrDefault(operation, attempt.codec().path(attempt.target().model(), call.stream()));
        return URI.create(attempt.provider().baseUrl() + path);
    }

    private static HttpHeaders headers(AttemptExchange exchange, Call call, byte[] body) {
        Attempt attempt = exchange.attempt();
        HttpHeaders fromClient = exchange.call().getRequest().getHeaders();
        HttpHeaders headers = new HttpHeaders();
        attempt.format().requiredHeaders().forEach(headers::set);
        if (attempt.format() == call.endpoint().format()) {
            attempt.format().requestHeaders().forEach(name -> copy(name, fromClient, headers));
        }
        attempt.provider().requestHeaders().forEach(name -> copy(name, fromClient, headers));
        attempt.provider().headers().forEach(headers::set);
        headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        headers.setContentLength(body.length);
        headers.set(
                HttpHeaders.ACCEPT,
                call.stream() ? MediaType.TEXT_EVENT_STREAM_VALUE : MediaType.APPLICATION_JSON_VALUE);
        headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
        headers.set(HttpHeaders.USER_AGENT, "OmniRoute-Gateway");
        headers.set("idempotency-key", call.id().own() + "-" + attempt.number());
        return headers;
    }

    private static void copy(String name, HttpHeaders from, HttpHeaders to) {
        List<String> values = from.get(name);
        if (values != null && !NeverForwarded.contains(name)) {
            to.put(name, List.copyOf(values));
        }
    }
}
