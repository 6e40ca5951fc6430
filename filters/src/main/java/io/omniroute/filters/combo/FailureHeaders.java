package io.omniroute.filters.combo;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ApiError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** What a client is told in headers when nothing has answered: what there was to try, what became of it, and what to do now. */
final class FailureHeaders {

    private static final int LONGEST_LIST = 900;
    private static final String AUTO = "auto";

    /** What to do now, as a word and in words. */
    private record Advice(String action, String step) {}

    private final ServerWebExchange exchange;
    private final Call call;
    private final Combo combo;

    FailureHeaders(ServerWebExchange exchange, Call call, Combo combo) {
        this.exchange = exchange;
        this.call = call;
        this.combo = combo;
    }

    /**
     * @param error what the client gets
     * @param pool how much there was to try
     * @param excluded what was not tried, with a word for why
     * @param tried what was, in that order
     */
    void write(ApiError error, int pool, Map<String, String> excluded, List<String> tried, TargetHealth health) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        boolean open = excluded.containsValue(ProviderBreakers.OPEN)
                || combo.targets().stream()
                        .anyMatch(target ->
                                !health.breakers().left(target.provider()).isZero());
        if (open) {
            AnswerHeader.PROVIDER_BREAKER.set(headers, "open");
        }
        Duration wait = error.retryAfter();
        if (wait != null) {
            AnswerHeader.RETRY_AFTER_SECONDS.set(headers, Long.toString(seconds(wait)));
        }
        if (pool == 1) {
            return;
        }
        AnswerHeader.COMBO_POOL_SIZE.set(headers, Integer.toString(pool));
        AnswerHeader.COMBO_ATTEMPTED.set(headers, cut(String.join(", ", tried)));
        if (!excluded.isEmpty()) {
            AnswerHeader.COMBO_EXCLUDED.set(
                    headers,
                    cut(excluded.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .collect(Collectors.joining(", "))));
        }
        AnswerHeader.COMBO_TERMINAL_REASON.set(headers, error.kind().id());
        advise(error, headers);
    }

    private void advise(ApiError error, HttpHeaders headers) {
        Advice advice = advice(error);
        AnswerHeader.RECOVERY_ACTION.set(headers, advice.action());
        AnswerHeader.RECOVERY_NEXT_STEP.set(headers, advice.step());
    }

    private Advice advice(ApiError error) {
        Duration wait = error.retryAfter();
        if (wait != null) {
            return new Advice("wait", "call again in " + seconds(wait) + " s");
        }
        if (AttemptPlan.ALL_DISABLED.equals(error.code())) {
            return elsewhere();
        }
        return switch (error.kind()) {
            case RATE_LIMITED, OVERLOADED, TIMEOUT, REQUEST_TIMEOUT, UPSTREAM_ERROR, INTERNAL ->
                new Advice("retry", "call again");
            case UPSTREAM_AUTH, UPSTREAM_QUOTA, NOT_FOUND, PERMISSION_DENIED, BUDGET_EXCEEDED -> elsewhere();
            case INVALID_REQUEST,
                    CONTEXT_TOO_LONG,
                    CONTENT_POLICY,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    UNPROCESSABLE,
                    UNAUTHENTICATED,
                    METHOD_NOT_ALLOWED,
                    UPGRADE_REQUIRED ->
                new Advice("switch-combo", "change the request, or call another model or combo");
        };
    }

    private Advice elsewhere() {
        return mayCallAuto()
                ? new Advice("try-auto", "call the model auto")
                : new Advice("switch-combo", "call another model or combo");
    }

    private boolean mayCallAuto() {
        ApiKey key =
                ExchangeAttributes.find(exchange, Caller.class).map(Caller::key).orElse(null);
        return key != null
                && !combo.name().equals(AUTO)
                && call.catalog().resolve(AUTO) instanceof Resolution.Found auto
                && call.catalog().callable(key, auto).isPresent();
    }

    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    private static String cut(String list) {
        return list.length() > LONGEST_LIST ? list.substring(0, LONGEST_LIST) : list;
    }
}
