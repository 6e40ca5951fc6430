package io.omniroute.filters.kept;

import io.omniroute.config.ApiKey;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Pin;
import io.omniroute.redis.conversation.KeptObjects;
import io.omniroute.redis.conversation.KeptObjects.Place;
import io.omniroute.translators.format.KeptObject;
import io.omniroute.translators.format.Recalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code - AllowProviderState}: lets providers keep the answers to this route's calls where the client wants that. Without it,
 * {@code store} goes out as false. Runs before the gateway's own memory of answers: what a provider keeps of a conversation is not
 * written out, but goes to the account that keeps it.
 */
public final class AllowProviderStateGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final KeptObjects objects;
    private final Duration keep;

    /** @param keep for how long it is remembered who was handed out what; zero remembers nothing, and so allows nothing */
    public AllowProviderStateGatewayFilterFactory(KeptObjects objects, Duration keep) {
        super(Object.class);
        this.objects = objects;
        this.keep = keep;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.ALLOW_PROVIDER_STATE.filter((exchange, chain) -> {
            Optional<ApiKey> owner =
                    ExchangeAttributes.find(exchange, Caller.class).map(Caller::key);
            Optional<Call> call = ExchangeAttributes.find(exchange, Call.class);
            if (owner.isEmpty() || call.isEmpty() || keep.isZero()) {
                return chain.filter(exchange);
            }
            ExchangeAttributes.put(exchange, ProviderState.class, ProviderState.ALLOWED);
            Recalls recalls = call.get().head().recalls();
            return recalls == null
                    ? chain.filter(exchange)
                    : recalled(exchange, call.get(), recalls, new Owned(objects, owner.get(), keep))
                            .then(chain.filter(exchange));
        });
    }

    private static Mono<Void> recalled(ServerWebExchange exchange, Call call, Recalls recalls, Owned owned) {
        // a provider would look these up among all that the organisation has there
        List<KeptObject> bare = recalls.lookedUp().stream()
                .map(id -> new KeptObject("input", id))
                .toList();
        Mono<Void> own = bare.isEmpty() ? Mono.empty() : owned.pin(exchange, bare);
        ExchangeAttributes.put(
                exchange, Call.class, call.with(call.body(), call.head().withRecalls(recalls.withProvider())));
        List<String> earlier = earlier(recalls);
        return earlier.isEmpty()
                ? own
                : own.then(owned.places(earlier))
                        .doOnNext(places -> goesOnThere(exchange, call, earlier, places))
                        .then();
    }

    /** What all of it is kept of by providers, the gateway need not know. */
    private static void goesOnThere(
            ServerWebExchange exchange, Call call, List<String> earlier, Map<String, Place> places) {
        if (places.keySet().containsAll(earlier)) {
            places.values()
                    .forEach(place ->
                            Owned.pin(exchange, new Pin("previous_response_id", place.provider(), place.connection())));
            ExchangeAttributes.put(
                    exchange, Call.class, call.with(call.body(), call.head().withRecalls(null)));
        }
    }

    private static List<String> earlier(Recalls recalls) {
        return Stream.concat(
                        Optional.ofNullable(recalls.previous()).stream(),
                        recalls.items().stream().flatMap(item -> Optional.ofNullable(item.reference()).stream()))
                .distinct()
                .toList();
    }
}
