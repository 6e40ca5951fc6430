package io.omniroute.filters.upstream;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.attempt.UpstreamAnswer;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.SentAnswer;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.model.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * An attempt that brings its provider's good answer to the client.
 *
 * @param progress what was heard of the answer
 * @param deadlines of the answer
 * @param turns the rounds that the provider makes of it
 */
record Answering(AttemptExchange exchange, Call call, AnswerProgress progress, AnswerDeadlines deadlines, Turns turns) {

    /** What does not stand in a header as it is. */
    private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9_.\\[\\]-]");

    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    /** So that the header stays below what proxies take. */
    private static final int MOST_WARNINGS = 30;

    private static final int LONGEST_PATH = 60;

    /** The head of the provider's response. */
    UpstreamAnswer answer() {
        return Objects.requireNonNull(exchange.answer(), "the head of the provider's response");
    }

    /** How the answer is translated; empty if it is passed on. */
    Optional<Translation> translation() {
        return ExchangeAttributes.find(exchange, Translation.class);
    }

    /** Who hears the answer as it leaves. */
    Optional<SentAnswer> sent() {
        return ExchangeAttributes.find(exchange, SentAnswer.class);
    }

    /** What an answer in the client's format says of itself. */
    AnswerContext context(Translation translation) {
        String id = call.id().own().replace("-", "");
        return translation.context(
                id,
                exchange.attempt().target().name(),
                System.currentTimeMillis() / 1_000,
                call.head().usageAsked());
    }

    /** Asks a provider that has paused to go on; completes when the head of its next answer is there. */
    Mono<Void> goOn() {
        return Mono.defer(() -> {
            deadlines.asksAgain();
            return turns.goOn();
        });
    }

    /** From here on the answer is the client's: no other target may be tried. */
    ServerHttpResponse begin(MediaType type) {
        if (!call.claimAnswer(exchange)) {
            throw new IllegalStateException("another attempt answers this call already");
        }
        exchange.contentLeaves();
        progress.claimed();
        ServerHttpResponse response = exchange.call().getResponse();
        response.getHeaders().setContentType(type);
        UpstreamRequestId.copy(answer(), response.getHeaders());
        Attempt attempt = exchange.attempt();
        AnswerHeader.MODEL.set(response.getHeaders(), attempt.target().name());
        AnswerHeader.PROVIDER.set(response.getHeaders(), attempt.provider().id());
        List<Loss> losses = new ArrayList<>(call.losses());
        translation().ifPresent(known -> losses.addAll(known.losses()));
        ExchangeAttributes.find(exchange, RequestLosses.class).ifPresent(known -> losses.addAll(known.losses()));
        ExchangeAttributes.find(exchange, Loss.class).ifPresent(losses::add);
        if (!losses.isEmpty()) {
            String warnings = written(losses);
            AnswerHeader.TRANSLATION_WARNINGS.set(response.getHeaders(), warnings);
            call.warned(warnings);
        }
        return response;
    }

    private static String bounded(String path) {
        return path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path;
    }

    private static String written(List<Loss> losses) {
        return losses.stream()
                .limit(MOST_WARNINGS)
                .map(loss -> loss.code().id() + ";path="
                        + STRANGE.matcher(bounded(loss.path())).replaceAll("_"))
                .collect(Collectors.joining(", "));
    }

    /** Notes how the answer has ended; only the first word counts. */
    void end(Outcome.Completion completion, @Nullable ApiError error) {
        Outcome outcome = progress.end(completion, error);
        if (outcome != null) {
            ExchangeAttributes.put(exchange.call(), Outcome.class, outcome);
        }
    }

    /** The client reads no more of a stream, which it need not when the terminator has been sent. */
    void left() {
        end(progress.isClosed() ? Outcome.Completion.COMPLETE : Outcome.Completion.CLIENT_GONE, null);
    }

    /** The client has gone. */
    void gone() {
        end(Outcome.Completion.CLIENT_GONE, null);
    }

    static ApiError asError(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        LOG.error("passing an answer on failed", failure);
        return ApiError.of(ErrorKind.INTERNAL, "the gateway failed while it passed the answer on");
    }

    static DataBuffer wrap(ServerHttpResponse response, byte[] bytes) {
        return response.bufferFactory().wrap(bytes);
    }
}
