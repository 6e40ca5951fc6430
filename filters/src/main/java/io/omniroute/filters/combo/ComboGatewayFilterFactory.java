package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code - Combo}: runs the rest of the chain once per target, until one answers. Falls back on every failure that is not
 * the request's own, unless the combo lists the kinds itself, and never after content has left. The last attempt's error is
 * the call's.
 */
public final class ComboGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final Map<String, SelectionStrategy> strategies;

    /** @param strategies by the name that YAML uses */
    public ComboGatewayFilterFactory(Map<String, SelectionStrategy> strategies) {
        super(Object.class);
        this.strategies = Map.copyOf(strategies);
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.COMBO.filter((exchange, chain) -> {
            Call call = ExchangeAttributes.require(exchange, Call.class);
            Combo combo = call.combo().orElseGet(() -> withoutAliases(call));
            List<Target> targets = strategy(combo).order(combo);
            if (call.endpoint().operation() == Operation.COUNT_TOKENS
                    && AttemptPlan.possible(call, targets).isEmpty()) {
                return TokenEstimate.answer(exchange, call);
            }
            List<Attempt> attempts = AttemptPlan.of(call, combo, targets);
            return new Run(exchange, chain, call, combo, attempts).attempt(0);
        });
    }

    private SelectionStrategy strategy(Combo combo) {
        SelectionStrategy strategy = strategies.get(combo.strategy());
        if (strategy == null) {
            throw new IllegalStateException("unknown strategy " + combo.strategy() + " of combo " + combo.name());
        }
        return strategy;
    }

    /** In a route that leaves {@code ModelAlias} out, only models and combos have names. */
    private static Combo withoutAliases(Call call) {
        return switch (call.resolution()) {
            case Resolution.Found found when !call.catalog().aliases().containsKey(call.asked()) -> found.combo();
            case Resolution.Found alias -> throw ModelAliasGatewayFilterFactory.unknown(call.asked());
            case Resolution.Ambiguous several -> throw ModelAliasGatewayFilterFactory.unknown(call.asked());
            case Resolution.Unknown unknown -> throw ModelAliasGatewayFilterFactory.unknown(call.asked());
        };
    }

    private record Run(
            ServerWebExchange exchange, GatewayFilterChain chain, Call call, Combo combo, List<Attempt> attempts) {

        Mono<Void> attempt(int number) {
            return Mono.defer(() -> {
                long startedAt = System.nanoTime();
                AttemptExchange attempt = new AttemptExchange(exchange, attempts.get(number));
                return chain.filter(attempt)
                        .doOnSuccess(done -> report(attempt, startedAt, brokenOff()))
                        .onErrorMap(failure -> !call.isAnswered(), Run::asApiException)
                        .doOnError(ApiException.class, failure -> report(attempt, startedAt, failure.error()))
                        .doOnCancel(() -> {
                            report(attempt, startedAt, null);
                            attempt.dispose();
                        })
                        .doOnError(failure -> attempt.dispose())
                        .onErrorResume(ApiException.class, failure -> next(number, failure));
            });
        }

        private Mono<Void> next(int number, ApiException failure) {
            boolean last = number == attempts.size() - 1;
            return last || call.isAnswered() || !fallsBackOn(failure.error())
                    ? Mono.error(failure)
                    : attempt(number + 1);
        }

        private boolean fallsBackOn(ApiError error) {
            return combo.fallBackOn()
                    .map(kinds -> kinds.contains(kindId(error.kind())))
                    .orElse(error.scope() != ErrorScope.REQUEST);
        }

        /** What failed after content had left, which the client was told in the stream. */
        private @Nullable ApiError brokenOff() {
            return ExchangeAttributes.find(exchange, Outcome.class)
                    .map(Outcome::error)
                    .orElse(null);
        }

        private void report(AttemptExchange exchange, long startedAt, @Nullable ApiError error) {
            Attempt attempt = exchange.attempt();
            Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
            call.tried(new AttemptReport(
                    attempt.target().name(), attempt.connection().id(), took, error));
        }

        private static Throwable asApiException(Throwable failure) {
            return failure instanceof ApiException ? failure : UpstreamFailures.of(failure);
        }
    }

    /** The name of an error's kind in {@code fall-back-on}. */
    static String kindId(ErrorKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
