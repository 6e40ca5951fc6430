package io.omniroute.filters.kept;

import io.omniroute.config.ApiKey;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.Pin;
import io.omniroute.redis.conversation.KeptObjects;
import io.omniroute.redis.conversation.KeptObjects.Place;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.KeptObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What a team was handed out: who keeps it, which pins the call. */
final class Owned {

    private static final int AGAIN = 2;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** How many different things one request may name. */
    private static final int MOST = 2_000;

    /** What somebody makes up is not looked for again and again. */
    private static final int MOST_LOOKED_UP_AGAIN = 20;

    private final KeptObjects objects;
    private final ApiKey owner;
    private final Duration keep;

    Owned(KeptObjects objects, ApiKey owner, Duration keep) {
        this.objects = objects;
        this.owner = owner;
        this.keep = keep;
    }

    /** Who keeps these, as far as it is known. */
    Mono<Map<String, Place>> places(List<String> ids) {
        if (ids.size() > MOST) {
            return Mono.error(ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the request names more than " + MOST + " things that a provider keeps")
                    .exception());
        }
        return objects.places(owner, ids, keep)
                .onErrorMap(failure -> !(failure instanceof ApiException), away -> storeAway());
    }

    /**
     * Pins the call to the one account that keeps all of these.
     *
     * @return fails with 400 if one of them is not the team's, or no account keeps them all
     */
    Mono<Void> pin(ServerWebExchange exchange, List<KeptObject> named) {
        List<String> ids = named.stream().map(KeptObject::id).distinct().toList();
        return Mono.defer(() -> places(ids))
                .doOnNext(places -> named.stream()
                        .filter(object -> !places.containsKey(object.id()))
                        .findFirst()
                        .ifPresent(object -> {
                            throw unknown(object);
                        }))
                // what is handed out is remembered beside its way to the client, which may be the faster one
                .retryWhen(Retry.fixedDelay(AGAIN, PAUSE)
                        .filter(failure -> isUnknown(failure) && ids.size() <= MOST_LOOKED_UP_AGAIN)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .doOnNext(places -> named.forEach(object -> pin(exchange, object, places)))
                .then();
    }

    private static void pin(ServerWebExchange exchange, KeptObject object, Map<String, Place> places) {
        Place place = places.get(object.id());
        if (place == null) {
            throw unknown(object);
        }
        pin(exchange, new Pin(object.field(), place.provider(), place.connection()));
    }

    /** Pins the call to an account, unless something else that it names is kept by another. */
    static void pin(ServerWebExchange exchange, Pin pin) {
        Pin before = ExchangeAttributes.find(exchange, Pin.class).orElse(pin);
        if (!before.provider().equals(pin.provider()) || !before.connection().equals(pin.connection())) {
            throw ApiError.invalid(
                            pin.field(),
                            "'" + before.field() + "' and '" + pin.field() + "' name what different accounts keep,"
                                    + " and no account can get at both")
                    .withCode(ErrorCodes.UNSUPPORTED)
                    .exception();
        }
        ExchangeAttributes.put(exchange, Pin.class, before);
    }

    static ApiException unknown(KeptObject object) {
        return ApiError.invalid(
                        object.field(),
                        "'" + object.field() + "' refers to something that a provider keeps, and it is not known to be"
                                + " your team's; send the content instead")
                .withCode(ErrorCodes.UNSUPPORTED)
                .exception();
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof ApiException refused
                && ErrorCodes.UNSUPPORTED.equals(refused.error().code());
    }

    private static ApiException storeAway() {
        return ApiError.notNow("it cannot be looked up at the moment whose it is, because the gateway's store is away")
                .exception();
    }
}
