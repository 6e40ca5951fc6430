package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.Strictness;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.filters.inside.WholeCall;
import io.omniroute.filters.shape.Shape;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.translators.json.JsonLimits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** What targets that answer together make their own calls with. Thread-safe. */
public final class Composing implements SmartInitializingSingleton {

    private final ObjectProvider<CallClient> clients;
    private final JsonLimits json;
    private final LimitsProperties limits;
    private final ConversationStore conversations;
    private volatile @Nullable CallClient client;

    /**
     * @param clients the client of calls from inside, whose routes need what is asked here
     * @param conversations keeps what is told to whoever takes one over
     */
    public Composing(
            ObjectProvider<CallClient> clients,
            JsonLimits json,
            LimitsProperties limits,
            ConversationStore conversations) {
        this.conversations = conversations;
        this.clients = clients;
        this.json = json;
        this.limits = limits;
    }

    @Override
    public void afterSingletonsInstantiated() {
        client = clients.getObject();
    }

    /** How deep answers may be. */
    JsonLimits json() {
        return json;
    }

    PartCalls parts(ServerWebExchange exchange, Call call) {
        Caller caller = ExchangeAttributes.require(exchange, Caller.class);
        return new PartCalls(
                Objects.requireNonNull(client, "the client of calls from inside"),
                new WholeCall(
                        call,
                        caller,
                        passed(exchange.getRequest().getHeaders(), call),
                        Shape.of(exchange, call),
                        Optional.ofNullable(exchange.<Route>getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR))),
                new PartAnswers(call, json, (int) limits.answer().toBytes()),
                new HandoffNotes(
                        conversations,
                        caller.key(),
                        call.combo().map(Combo::name).orElse(""),
                        Session.named(exchange.getRequest())));
    }

    /** What a client asks of its call it asks of all parts of it, and what providers are to hear of it they hear of all parts. */
    private static HttpHeaders passed(HttpHeaders from, Call call) {
        HttpHeaders passed = new HttpHeaders();
        Set<String> names = new LinkedHashSet<>(List.of(Tags.HEADER, Strictness.HEADER));
        names.addAll(call.endpoint().format().requestHeaders());
        call.catalog().providers().values().forEach(provider -> names.addAll(provider.requestHeaders()));
        for (String name : names) {
            List<String> values = from.get(name);
            if (values != null) {
                passed.put(name, List.copyOf(values));
            }
        }
        return passed;
    }

    /** The same call with another body. */
    Call with(Call call, byte[] body) {
        Call other = call.with(body, call.codec().readRequest(body, call.endpoint(), json));
        call.combo().ifPresent(other::choose);
        return other;
    }
}
