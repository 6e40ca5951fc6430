package io.omniroute.predicates;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestBody;
import io.omniroute.translators.json.JsonLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.handler.predicate.AbstractRoutePredicateFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/**
 * Matches the model that the body asks for, {@code - RequestedModel=gpt-*, claude-*}; list it after {@code ApiFormat}.
 *
 * <p>It reads the body before anybody was authenticated. So it first requires a credential that has the form of one, reads
 * at most {@code omniroute.limits.body} for at most {@code omniroute.limits.body-time}, all callers together at most a sixteenth of the heap, and does not match where
 * any of that fails; the stages of the route that does match then say what was wrong. The body that it read is cached for
 * them. Not used in the default route.
 */
public class RequestedModelRoutePredicateFactory
        extends AbstractRoutePredicateFactory<RequestedModelRoutePredicateFactory.Config> {

    private static final long MOST_READING = Runtime.getRuntime().maxMemory() / 16;
    /** Bytes that all callers together, none of whom is known yet, may send at the moment. */
    private static final AtomicLong READING = new AtomicLong();

    private static final List<String> CREDENTIAL_HEADERS =
            List.of(HttpHeaders.AUTHORIZATION, "x-api-key", "x-goog-api-key");

    /** The attribute of a caller who is known already, because the call comes from inside. */
    private static final String CALLER = "io.omniroute.filters.auth.Caller";

    private final int mostBytes;
    private final Duration patience;
    private final JsonLimits json;

    /**
     * @param mostBytes how much of a body is read at most
     * @param patience how long a client may take to send it
     * @param json how deep bodies may be
     */
    public RequestedModelRoutePredicateFactory(int mostBytes, Duration patience, JsonLimits json) {
        super(Config.class);
        this.mostBytes = mostBytes;
        this.patience = patience;
        this.json = json;
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("models");
    }

    @Override
    public ShortcutType shortcutType() {
        return ShortcutType.GATHER_LIST;
    }

    @Override
    public Predicate<ServerWebExchange> apply(Config config) {
        throw new UnsupportedOperationException("RequestedModel reads the body and is asynchronous only");
    }

    @Override
    public AsyncPredicate<ServerWebExchange> applyAsync(Config config) {
        List<Pattern> patterns = config.models.stream()
                .map(RequestedModelRoutePredicateFactory::glob)
                .toList();
        return new AsyncPredicate<>() {
            @Override
            public Publisher<Boolean> apply(ServerWebExchange exchange) {
                return model(exchange, mostBytes)
                        .map(model -> patterns.stream()
                                .anyMatch(pattern -> pattern.matcher(model).matches()))
                        .defaultIfEmpty(false);
            }

            @Override
            public String toString() {
                return "RequestedModel: " + config.models;
            }
        };
    }

    /** {@code *} stands for any characters, slashes too, and {@code ?} for one. */
    private static Pattern glob(String written) {
        StringBuilder pattern = new StringBuilder();
        for (char c : written.toCharArray()) {
            switch (c) {
                case '*' -> pattern.append(".*");
                case '?' -> pattern.append('.');
                default -> pattern.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }

    private Mono<String> model(ServerWebExchange exchange, int maxBytes) {
        Endpoint endpoint = exchange.getAttribute(Endpoint.class.getName());
        if (endpoint == null || !hasCredential(exchange)) {
            return Mono.empty();
        }
        OperationCodec codec = endpoint.format().codecs().get(endpoint.operation());
        if (codec == null) {
            return Mono.empty();
        }
        return body(exchange, maxBytes)
                .map(body -> codec.readRequest(body, endpoint, json).model())
                .onErrorResume(ApiException.class, malformed -> Mono.empty());
    }

    private Mono<byte[]> body(ServerWebExchange exchange, int maxBytes) {
        RequestBody kept = exchange.getAttribute(RequestBody.class.getName());
        if (kept != null) {
            return kept.end() == RequestBody.End.COMPLETE ? Mono.just(kept.bytes()) : Mono.empty();
        }
        if (exchange.getRequest().getHeaders().getContentLength() > maxBytes) {
            return Mono.empty();
        }
        AtomicLong share = new AtomicLong();
        return DataBufferUtils.join(exchange.getRequest().getBody().doOnNext(part -> take(part, share)), maxBytes)
                .map(RequestedModelRoutePredicateFactory::bytes)
                .timeout(patience)
                .doFinally(signal -> READING.addAndGet(-share.get()))
                .doOnNext(body -> keep(exchange, RequestBody.complete(body)))
                .onErrorResume(unread -> end(unread) != null, unread -> {
                    keep(exchange, RequestBody.unread(Objects.requireNonNull(end(unread))));
                    return Mono.empty();
                });
    }

    private static void take(DataBuffer part, AtomicLong share) {
        int count = part.readableByteCount();
        share.addAndGet(count);
        if (READING.addAndGet(count) > MOST_READING) {
            DataBufferUtils.release(part);
            throw new NoMemory();
        }
    }

    private static RequestBody.@Nullable End end(Throwable unread) {
        return switch (unread) {
            case DataBufferLimitException tooLarge -> RequestBody.End.TOO_LARGE;
            case TimeoutException tooSlow -> RequestBody.End.TOO_SLOW;
            case NoMemory used -> RequestBody.End.NO_MEMORY;
            case AbortedException left -> RequestBody.End.CLIENT_LEFT;
            case IOException left -> RequestBody.End.CLIENT_LEFT;
            default -> null;
        };
    }

    /** All callers together send too much at the moment. */
    private static final class NoMemory extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private static void keep(ServerWebExchange exchange, RequestBody body) {
        exchange.getAttributes().put(RequestBody.class.getName(), body);
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static boolean hasCredential(ServerWebExchange exchange) {
        if (exchange.getAttribute(CALLER) != null) {
            return true;
        }
        HttpHeaders headers = exchange.getRequest().getHeaders();
        return CREDENTIAL_HEADERS.stream()
                .map(headers::getFirst)
                .anyMatch(value -> value != null && value.strip().length() >= 8);
    }

    /** The patterns. */
    public static class Config {

        private List<String> models = new ArrayList<>();

        public List<String> getModels() {
            return models;
        }

        public void setModels(List<String> models) {
            this.models = models;
        }
    }
}
