package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.server.ServerWebExchange;

/**
 * What the head of an error says of a call that several targets should have answered together.
 *
 * @param selection who was to take part
 * @param known what is known of them
 */
record ComposedFailure(ServerWebExchange exchange, Call call, Selection selection, KnownTargets known) {

    /** Some were asked, and it was in vain. */
    void tell(ApiException failure, List<String> asked) {
        Combo combo = selection.combo();
        new FailureHeaders(exchange, call, combo)
                .write(failure.error(), combo.targets().size(), leftOut(asked), asked, known.health());
    }

    /** Those before were asked, and the last ones, which were to answer the client, have failed. */
    void tell(ApiException failure, PartCalls before, ComposingStrategy.Composed.Asks last) {
        List<String> asked = new ArrayList<>(before.asked());
        String tried = exchange.getResponse().getHeaders().getFirst(AnswerHeader.COMBO_ATTEMPTED.header());
        if (tried != null) {
            asked.addAll(List.of(tried.split(", ")));
        } else {
            // what is one alone says nothing of itself
            last.targets().stream().limit(1).map(Target::counted).forEach(asked::add);
        }
        tell(failure, asked.stream().distinct().toList());
    }

    /** Who took no part, with a word for why. */
    private Map<String, String> leftOut(List<String> asked) {
        Fitness fitness = known.fitness(selection.combo(), call.catalog(), call.body(), selection::targets);
        Map<String, String> left = new LinkedHashMap<>();
        for (Target target : selection.combo().targets()) {
            if (asked.contains(target.counted())) {
                continue;
            }
            String unfit = fitness.reason(target);
            boolean works = selection.known().health(target) > 0;
            left.put(target.counted(), unfit.isEmpty() ? works ? "not-asked" : "rests" : unfit);
        }
        return left;
    }
}
