package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/** {@code - Combo}: chooses the targets of a call, and runs the rest of the chain once for each, until one answers. */
public final class ComboGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final Map<String, SelectionStrategy> strategies;
    private final TargetHealth health;

    /**
     * @param strategies by the name that YAML uses
     * @param health what is known from the calls before
     */
    public ComboGatewayFilterFactory(Map<String, SelectionStrategy> strategies, TargetHealth health) {
        super(Object.class);
        this.health = health;
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
            Candidates candidates = new Candidates(AttemptPlan.of(call, combo, targets), health);
            return new ComboRun(exchange, chain, call, combo, candidates, health).start();
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

    /** The name of an error's kind in {@code fall-back-on}. */
    static String kindId(ErrorKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
