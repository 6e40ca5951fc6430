package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Pin;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.web.server.ServerWebExchange;

/** Refusals of a combo that has nothing to try for a call: each is recorded with what was passed over and why, and says so in the head. */
record ComboRefusals(ServerWebExchange exchange, Call call, Combo combo, TargetChooser chooser) {

    /** Nothing is fit for the call. */
    ApiException unfit(List<Attempt> attempts, Fitness fitness) {
        Map<String, String> reasons = new LinkedHashMap<>();
        attempts.forEach(attempt -> reasons.put(attempt.name(), fitness.reason(attempt.target())));
        return told(fitness.refusal(call.asked()), attempts.size(), reasons);
    }

    /** Nothing of what there is may be tried, all of it for one reason. */
    ApiException none(
            TargetOrder.Basis basis,
            List<Attempt> attempts,
            String reason,
            Supplier<List<Missing>> others,
            ApiException refusal) {
        List<Missing> all = Stream.concat(
                        attempts.stream().map(attempt -> Missing.of(attempt, reason)), others.get().stream())
                .toList();
        return nothing(basis, all, refusal);
    }

    /** There is nothing to try. */
    ApiException nothing(TargetOrder.Basis basis, List<Missing> missing, ApiException refusal) {
        ExchangeAttributes.put(
                exchange, Choice.class, chooser.describe(combo, basis, List.of(), Fitness.ALL, () -> missing));
        Map<String, String> reasons = new LinkedHashMap<>();
        missing.forEach(one -> reasons.put(one.name(), one.reason()));
        return told(refusal, missing.size(), reasons);
    }

    private ApiException told(ApiException refusal, int pool, Map<String, String> reasons) {
        call.passedOver(reasons);
        new FailureHeaders(exchange, call, combo).write(refusal.error(), pool, reasons, List.of(), chooser.health());
        return refusal;
    }

    /** The account that keeps what the call names is none of those that it may go to. */
    static ApiException keptElsewhere(Pin pin, String asked) {
        return ApiError.invalid(
                        pin.field(),
                        "'" + pin.field() + "' names something that an account keeps to which calls for \"" + asked
                                + "\" do not go")
                .withCode("kept_elsewhere")
                .exception();
    }
}
