package io.omniroute.filters.kept;

import io.omniroute.config.ApiKey;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Pin;
import io.omniroute.filters.upstream.AttemptListener;
import io.omniroute.redis.conversation.KeptObjects;
import io.omniroute.redis.conversation.KeptObjects.Place;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.KeptObject;
import io.omniroute.translators.format.Recalls;
import io.omniroute.translators.format.RequestHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Lets a call name what a provider keeps only if that was handed out to the caller's own team, and then lets it go only to the
 * account that keeps it. Remembers what is handed out in the answer.
 *
 * <p>A call that names nothing awaits nothing. Runs before the gateway's own memory of answers: what a provider keeps of a
 * conversation is not written out.
 */
public final class PinObjectsFilter implements GlobalFilter, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(PinObjectsFilter.class);

    private static final int AGAIN = 2;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** How many different things one request may name. */
    private static final int MOST = 500;

    private final KeptObjects objects;
    private final Duration keep;

    /** @param keep for how long it is remembered who was handed out what; zero remembers nothing */
    public PinObjectsFilter(KeptObjects objects, Duration keep) {
        this.objects = objects;
        this.keep = keep;
    }

    @Override
    public int getOrder() {
        return Stage.PIN_OBJECTS.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Call call = ExchangeAttributes.find(exchange, Call.class).orElse(null);
        if (call == null) {
            return chain.filter(exchange);
        }
        boolean allowed = ExchangeAttributes.find(exchange, ProviderState.class).isPresent();
        RequestHead head = call.head();
        List<KeptObject> named = head.kept();
        List<String> earlier = allowed ? earlier(head.recalls()) : List.of();
        ApiKey owner =
                ExchangeAttributes.find(exchange, Caller.class).map(Caller::key).orElse(null);
        if (owner == null || keep.isZero()) {
            return named.isEmpty() ? chain.filter(exchange) : Mono.error(unknown(named.getFirst()));
        }
        if (allowed
                || head.handsOut()
                || !named.isEmpty()
                || !head.hostedTools().isEmpty()) {
            listen(exchange, owner);
        }
        if (named.isEmpty() && earlier.isEmpty()) {
            if (allowed) {
                ExchangeAttributes.put(exchange, Call.class, call.with(call.body(), head.withEdits(List.of())));
            }
            return chain.filter(exchange);
        }
        return places(owner, named, earlier).flatMap(places -> {
            boolean goesOnThere = !earlier.isEmpty() && places.keySet().containsAll(earlier);
            Pin pin = pin(named, goesOnThere ? earlier : List.of(), places);
            if (pin != null) {
                ExchangeAttributes.put(exchange, Pin.class, pin);
            }
            RequestHead kept = allowed ? head.withEdits(List.of()) : head;
            ExchangeAttributes.put(
                    exchange, Call.class, call.with(call.body(), goesOnThere ? kept.withRecalls(null) : kept));
            return chain.filter(exchange);
        });
    }

    private static List<String> earlier(@Nullable Recalls recalls) {
        return recalls == null
                ? List.of()
                : Stream.concat(
                                Optional.ofNullable(recalls.previous()).stream(),
                                recalls.items().stream()
                                        .flatMap(item -> Optional.ofNullable(item.reference()).stream()))
                        .distinct()
                        .toList();
    }

    private Mono<Map<String, Place>> places(ApiKey owner, List<KeptObject> named, List<String> earlier) {
        List<String> ids = Stream.concat(named.stream().map(KeptObject::id), earlier.stream())
                .distinct()
                .toList();
        if (ids.size() > MOST) {
            return Mono.error(ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the request names more than " + MOST + " things that a provider keeps")
                    .exception());
        }
        return objects.places(owner, ids, keep)
                .doOnNext(places -> named.stream()
                        .filter(object -> !places.containsKey(object.id()))
                        .findFirst()
                        .ifPresent(object -> {
                            throw unknown(object);
                        }))
                // what is handed out is remembered beside its way to the client, which may be the faster one
                .retryWhen(Retry.fixedDelay(AGAIN, PAUSE)
                        .filter(ApiException.class::isInstance)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .onErrorMap(failure -> !(failure instanceof ApiException), away -> storeAway());
    }

    /** The account that keeps all of it; {@code null} if nothing is kept. */
    private static @Nullable Pin pin(List<KeptObject> named, List<String> earlier, Map<String, Place> places) {
        List<KeptObject> all = new ArrayList<>(named);
        earlier.forEach(id -> all.add(new KeptObject("previous_response_id", id)));
        @Nullable Pin pin = null;
        for (KeptObject object : all) {
            Place place = places.get(object.id());
            if (place == null) {
                throw unknown(object);
            }
            if (pin == null) {
                pin = new Pin(object.field(), place.provider(), place.connection());
            } else if (!pin.provider().equals(place.provider())
                    || !pin.connection().equals(place.connection())) {
                throw ApiError.invalid(
                                object.field(),
                                "'" + pin.field() + "' and '" + object.field() + "' name what different accounts keep,"
                                        + " and no account can get at both")
                        .withCode("unsupported_feature")
                        .exception();
            }
        }
        return pin;
    }

    private void listen(ServerWebExchange exchange, ApiKey owner) {
        ExchangeAttributes.put(exchange, AttemptListener.class, attempt -> {
            Place place =
                    new Place(attempt.provider().id(), attempt.connection().id());
            return new ObjectRecorder(attempt.codec().handedOut(), ids -> keep(owner, ids, place));
        });
    }

    private void keep(ApiKey owner, Collection<String> ids, Place place) {
        objects.keep(owner, ids, place, keep)
                .subscribe(
                        kept -> {},
                        away -> LOG.warn("what {} keeps could not be remembered: {}", place, away.toString()));
    }

    private static ApiException unknown(KeptObject object) {
        return ApiError.invalid(
                        object.field(),
                        "'" + object.field() + "' refers to something that a provider keeps, and it is not known to be"
                                + " your team's; send the content instead")
                .withCode("unsupported_feature")
                .exception();
    }

    private static ApiException storeAway() {
        return ApiError.upstream(
                        ErrorKind.OVERLOADED,
                        ErrorScope.REQUEST,
                        "it cannot be looked up at the moment whose it is, because the gateway's store is away")
                .withRetryAfter(Duration.ofSeconds(1))
                .exception();
    }
}
