package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.omniroute.config.Deadlines;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.combo.Attempt;
import io.omniroute.filters.combo.AttemptExchange;
import io.omniroute.filters.observe.Drain;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * Takes the provider's response from the gateway and makes the client's of it. Until the first content has left, every
 * failure is an {@link ApiException} that {@code Combo} may answer with another target.
 */
public final class TranslateResponseFilter implements GlobalFilter, Ordered {

    private final Answers answers;
    private final InstantSource clock;
    private final Drain drain;

    public TranslateResponseFilter(Answers answers, InstantSource clock, Drain drain) {
        this.answers = answers;
        this.clock = clock;
        this.drain = drain;
    }

    @Override
    public int getOrder() {
        return Stage.TRANSLATE_RESPONSE.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!(exchange instanceof AttemptExchange attempt)) {
            return chain.filter(exchange);
        }
        long startedAt = System.nanoTime();
        return chain.filter(attempt)
                .timeout(untilHead(attempt), Mono.error(TranslateResponseFilter::noHead))
                .takeUntilOther(drain.expired())
                .then(Mono.defer(() -> answer(attempt, startedAt)));
    }

    private Mono<Void> answer(AttemptExchange attempt, long startedAt) {
        Connection connection = attempt.connection();
        HttpStatusCode status = attempt.getResponse().getStatusCode();
        if (connection == null || status == null) {
            return Mono.error(new IllegalStateException("the gateway has no response of the provider"));
        }
        Call call = ExchangeAttributes.require(attempt, Call.class);
        Flux<byte[]> body = connection.inbound().receive().map(TranslateResponseFilter::bytes);
        if (!status.is2xxSuccessful()) {
            return failure(
                    attempt.attempt(), status.value(), attempt.getResponse().getHeaders(), body);
        }
        AnswerProgress progress = new AnswerProgress(call, startedAt);
        return call.stream()
                ? answers.stream(attempt, call, progress, body, drain.expired())
                : answers.whole(attempt, call, progress, body, drain.expired());
    }

    private Mono<Void> failure(Attempt attempt, int status, HttpHeaders headers, Flux<byte[]> body) {
        return answers.errorBody(body, attempt.deadlines())
                .flatMap(bytes -> Mono.error(attempt.format()
                        .errors()
                        .decode(status, headers::getFirst, bytes, clock.instant())
                        .exception()));
    }

    /** A stream's first content cannot come before its head, so its deadline holds for the head too. */
    private static Duration untilHead(AttemptExchange attempt) {
        Deadlines deadlines = attempt.attempt().deadlines();
        Call call = ExchangeAttributes.require(attempt, Call.class);
        Duration content = deadlines.firstContentFor(call.body().length);
        boolean sooner = call.stream() && content.compareTo(deadlines.responseHeaders()) < 0;
        return sooner ? content : deadlines.responseHeaders();
    }

    private static ApiException noHead() {
        return ApiError.upstream(ErrorKind.TIMEOUT, ErrorScope.PROVIDER, "the provider did not begin to answer in time")
                .exception();
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }
}
