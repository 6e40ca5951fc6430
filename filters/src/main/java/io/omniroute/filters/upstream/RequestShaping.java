package io.omniroute.filters.upstream;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Strictness;
import io.omniroute.filters.shape.Shape;
import io.omniroute.filters.shape.Takeover;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ContextCompression;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import java.util.function.Supplier;

/**
 * What becomes of a conversation on its way to one target: it has the call's shape, is told what a takeover has to say, and is made shorter
 * where it is too long for the target.
 *
 * @param compression from which share of a context window on a conversation is made shorter; 0 for never
 */
record RequestShaping(TargetProfiles profiles, double compression) {

    /** The shape of a call for the target of an attempt. */
    static Shape of(AttemptExchange exchange, Call call) {
        Shape whole = Shape.of(exchange, call);
        return ExchangeAttributes.find(exchange, Takeover.class)
                .map(takeover -> takeover.on(whole, exchange.attempt().target()))
                .orElse(whole);
    }

    /**
     * Whether anything becomes of it.
     *
     * @param said the conversation; asked only where it may be too long
     */
    boolean changes(AttemptExchange exchange, Call call, Supplier<ChatRequest> said) {
        return !of(exchange, call).isNone() || isCompressed(exchange, call, said);
    }

    /** Whether a conversation that may be too long is: what is said in another way for nothing would not be the client's any more. */
    private boolean isCompressed(AttemptExchange exchange, Call call, Supplier<ChatRequest> said) {
        if (compression == 0) {
            return false;
        }
        long most = most(profiles.of(exchange.attempt()));
        if (call.body().length / RequestNeeds.BYTES_OF_A_TOKEN <= most) {
            return false;
        }
        ChatRequest request = said.get();
        return ContextCompression.compress(request, most) != request;
    }

    /** What becomes of it; refused where it is to be made shorter and its client would rather have that. */
    ChatRequest shaped(AttemptExchange exchange, Call call, ChatRequest request) {
        ChatRequest shaped = of(exchange, call).apply(request);
        if (compression == 0 || call.endpoint().operation() != Operation.CHAT) {
            return shaped;
        }
        ChatRequest shorter = ContextCompression.compress(shaped, most(profiles.of(exchange.attempt())));
        if (shorter != shaped) {
            if (Strictness.isAsked(exchange.call().getRequest())) {
                throw new ApiError(
                                ErrorKind.INVALID_REQUEST,
                                "context_length_exceeded",
                                "the conversation is too long for this model, and must not be made shorter",
                                "messages",
                                null,
                                ErrorScope.MODEL)
                        .exception();
            }
            ExchangeAttributes.put(exchange, Loss.class, new Loss(Loss.Code.CONTEXT_COMPRESSED, "messages"));
        }
        return shorter;
    }

    private long most(TargetProfile target) {
        return target.contextWindow() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : (long) (target.contextWindow() * compression);
    }
}
