package io.omniroute.filters.call;

import io.omniroute.config.CatalogSource;
import io.omniroute.config.Provider;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.Timers;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestBody;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.JsonLimits;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Reads the body, once and bounded, and puts the {@link Call} on the exchange. */
public final class DecodeRequestFilter implements GlobalFilter, Ordered {

    private final CatalogSource catalog;
    private final LimitsProperties limits;
    private final BodyMemory memory;
    private final JsonLimits json;
    private final Timers timers;

    public DecodeRequestFilter(
            CatalogSource catalog, LimitsProperties limits, BodyMemory memory, JsonLimits json, Timers timers) {
        this.catalog = catalog;
        this.limits = limits;
        this.memory = memory;
        this.json = json;
        this.timers = timers;
    }

    @Override
    public int getOrder() {
        return Stage.DECODE_REQUEST.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<Endpoint> endpoint = ExchangeAttributes.find(exchange, Endpoint.class);
        @Nullable
        OperationCodec codec =
                endpoint.map(e -> e.format().codecs().get(e.operation())).orElse(null);
        if (endpoint.isEmpty() || codec == null) {
            return chain.filter(exchange);
        }
        BodyMemory.Share share = memory.share();
        return body(exchange, share)
                // what may still come of the body is no next request
                .doOnError(broken -> exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close"))
                .map(body -> call(exchange, endpoint.get(), codec, withoutMark(body)))
                .flatMap(call -> {
                    ExchangeAttributes.put(exchange, Call.class, call);
                    return chain.filter(exchange);
                })
                .doFinally(signal -> share.close());
    }

    private Mono<byte[]> body(ServerWebExchange exchange, BodyMemory.Share share) {
        requireJson(exchange.getRequest().getHeaders());
        long announced = exchange.getRequest().getHeaders().getContentLength();
        if (announced > limits.body().toBytes()) {
            throw CollectedBody.tooLarge(limits);
        }
        RequestBody kept = exchange.getAttribute(RequestBody.class.getName());
        if (kept != null) {
            share.take(kept.bytes().length);
            return switch (kept.end()) {
                case COMPLETE -> Mono.just(kept.bytes());
                case TOO_LARGE -> Mono.error(CollectedBody.tooLarge(limits));
                case TOO_SLOW -> Mono.error(CollectedBody.tooSlow(limits));
                case CLIENT_LEFT -> ClientLeft.body(exchange.getRequest()).then(Mono.empty());
                case NO_MEMORY -> Mono.error(BodyMemory.used());
            };
        }
        return new CollectedBody(exchange.getRequest(), new BodyBuffer(share, announced), limits, timers);
    }

    /** Some programs write a mark of the order of bytes first, which not every provider reads over. */
    private static byte[] withoutMark(byte[] body) {
        boolean marked =
                body.length > 2 && (body[0] & 0xFF) == 0xEF && (body[1] & 0xFF) == 0xBB && (body[2] & 0xFF) == 0xBF;
        return marked ? Arrays.copyOfRange(body, 3, body.length) : body;
    }

    private Call call(ServerWebExchange exchange, Endpoint endpoint, OperationCodec codec, byte[] body) {
        if (body.length == 0) {
            throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body is empty; expected a JSON object")
                    .exception();
        }
        RequestHead head = codec.readRequest(body, endpoint, json);
        String provider = endpoint.provider();
        String asked = provider == null ? head.model() : withProvider(provider, head.model());
        RequestId id = ExchangeAttributes.require(exchange, RequestId.class);
        int depth = ExchangeAttributes.find(exchange, Parent.class)
                .map(parent -> parent.depth() + 1)
                .orElse(0);
        return new Call(id, endpoint, codec, body, head, asked, catalog.current(), depth);
    }

    /** {@code /v1/providers/{provider}/...} asks for a model of that provider, whether or not its prefix is written. */
    private String withProvider(String id, String model) {
        Provider provider = catalog.current().providers().get(id);
        if (provider == null) {
            throw ApiError.of(ErrorKind.NOT_FOUND, "there is no provider \"" + id + "\"")
                    .exception();
        }
        if (model.startsWith(id + "/")) {
            return model;
        }
        int slash = model.indexOf('/');
        boolean ofAnother = slash > 0 && catalog.current().providers().containsKey(model.substring(0, slash));
        if (ofAnother && !provider.models().containsKey(model)) {
            throw ApiError.invalid(
                            "model", "the path asks for provider \"" + id + "\", but the model is \"" + model + "\"")
                    .exception();
        }
        return id + "/" + model;
    }

    private static void requireJson(HttpHeaders headers) {
        String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("the body has the content encoding \"" + encoding + "\"; expected none");
        }
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            throw unsupported("the content type is missing; expected application/json");
        }
        try {
            MediaType media = MediaType.parseMediaType(type);
            boolean utf8 = media.getCharset() == null
                    || media.getCharset().name().toLowerCase(Locale.ROOT).equals("utf-8");
            if (media.isCompatibleWith(MediaType.APPLICATION_JSON) && media.isConcrete() && utf8) {
                return;
            }
        } catch (IllegalArgumentException notAMediaType) {
            // told below
        }
        throw unsupported("the content type is not application/json in UTF-8");
    }

    private static ApiException unsupported(String message) {
        return ApiError.of(ErrorKind.UNSUPPORTED_MEDIA_TYPE, message).exception();
    }
}
