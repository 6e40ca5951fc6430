package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.redis.conversation.Tenants;
import io.omniroute.translators.format.Endpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** What a call says that is sent: itself, and in its headers. */
record SentCall(ServerWebExchange exchange, Call call) implements Asked {

    @Override
    public Catalog catalog() {
        return call.catalog();
    }

    @Override
    public Endpoint endpoint() {
        return call.endpoint();
    }

    @Override
    public String name() {
        return call.asked();
    }

    @Override
    public byte[] body() {
        return call.body();
    }

    @Override
    public @Nullable String mode() {
        return exchange.getRequest().getHeaders().getFirst(TargetChooser.MODE);
    }

    @Override
    public boolean usesHostedTools() {
        return !call.head().hostedTools().isEmpty();
    }

    @Override
    public boolean wantsThoughts() {
        return call.head().wantsThoughts();
    }

    @Override
    public String team() {
        return ExchangeAttributes.find(exchange, Caller.class)
                .map(caller -> Tenants.of(caller.key()))
                .orElse("");
    }

    @Override
    public String session() {
        return Session.given(exchange.getRequest(), call);
    }

    @Override
    public String affinity() {
        return Session.affinity(exchange.getRequest(), call);
    }

    @Override
    public AccountTerms terms() {
        return AccountTerms.of(exchange, call.endpoint().format());
    }

    @Override
    public boolean mayHaveParts() {
        return ExchangeAttributes.find(exchange, Caller.class).isPresent();
    }
}
