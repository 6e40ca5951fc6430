package io.omniroute.filters.kept;

import io.omniroute.config.ApiKey;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.upstream.AttemptListener;
import io.omniroute.redis.Insisting;
import io.omniroute.redis.conversation.KeptObjects;
import io.omniroute.redis.conversation.KeptObjects.Place;
import io.omniroute.translators.format.KeptObject;
import io.omniroute.translators.format.RequestHead;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets a call name what a provider keeps only if that was handed out to the caller's own team, and then lets it go only to the
 * account that keeps it. Remembers what is handed out in the answer.
 *
 * <p>A call that names nothing awaits nothing. Runs after the gateway's own memory of answers, because what is written out of it may name
 * something, too.
 */
public final class PinObjectsFilter implements GlobalFilter, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(PinObjectsFilter.class);

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
        ApiKey owner =
                ExchangeAttributes.find(exchange, Caller.class).map(Caller::key).orElse(null);
        if (owner == null || keep.isZero()) {
            return named.isEmpty() ? chain.filter(exchange) : Mono.error(Owned.unknown(named.getFirst()));
        }
        if (allowed
                || head.handsOut()
                || !named.isEmpty()
                || !head.hostedTools().isEmpty()) {
            listen(exchange, owner);
        }
        boolean ofKeeping = !call.endpoint().format().id().equals("anthropic-messages");
        if (allowed && ofKeeping && !head.edits().isEmpty()) {
            ExchangeAttributes.put(exchange, Call.class, call.with(call.body(), head.withEdits(List.of())));
        }
        if (named.isEmpty()) {
            return chain.filter(exchange);
        }
        return new Owned(objects, owner, keep).pin(exchange, named).then(chain.filter(exchange));
    }

    private void listen(ServerWebExchange exchange, ApiKey owner) {
        ExchangeAttributes.put(exchange, AttemptListener.class, attempt -> {
            Place place =
                    new Place(attempt.provider().id(), attempt.connection().id());
            return new ObjectRecorder(attempt.codec().handedOut(), ids -> keep(owner, ids, place));
        });
    }

    private void keep(ApiKey owner, Collection<String> ids, Place place) {
        Insisting.on(objects.keep(owner, ids, place, keep))
                .subscribe(
                        kept -> {},
                        away -> LOG.warn("what {} keeps could not be remembered: {}", place, away.toString()));
    }
}
