package io.omniroute.filters.upstream;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.attempt.AttemptRequest;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Strictness;
import io.omniroute.filters.conversation.SignatureMemory;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.KeptAddresses;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.EditedBody;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Makes the request to the provider: its URL, its body in the provider's format, and of the client's headers only those on
 * the allow-list of the format and the provider.
 */
public final class TranslateRequestFilter implements GlobalFilter, Ordered {

    private final SealedCarriers carriers;

    private final SignatureMemory memory;
    private final TargetProfiles profiles;
    private final PassedRequest passed;
    private final JsonLimits json;
    private final RequestShaping shaping;

    /**
     * @param carriers pack what only one provider can read
     * @param known what is known of providers and models
     * @param memory knows signatures that clients drop
     * @param json what a body may have at most
     * @param compression from which share of a context window on a conversation is made shorter; 0 for never
     */
    public TranslateRequestFilter(
            SealedCarriers carriers, KnownFacts known, SignatureMemory memory, JsonLimits json, double compression) {
        this.json = json;
        this.memory = memory;
        this.carriers = carriers;
        this.profiles = new TargetProfiles(known);
        this.passed = new PassedRequest(known, profiles, json);
        this.shaping = new RequestShaping(profiles, compression);
    }

    @Override
    public int getOrder() {
        return Stage.TRANSLATE_REQUEST.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!(exchange instanceof AttemptExchange attempt)) {
            return chain.filter(exchange);
        }
        Call call = ExchangeAttributes.require(exchange, Call.class);
        ApiFormat target = attempt.attempt().format();
        Optional<ApiKey> owner = ExchangeAttributes.find(exchange, Caller.class).map(Caller::key);
        if (target == call.endpoint().format() || !target.signsCalls() || owner.isEmpty()) {
            send(attempt, call, bounded(() -> body(attempt, call)));
            return chain.filter(exchange);
        }
        return memory.signed(owner.get(), bounded(() -> decoded(attempt, call)), target.id())
                .flatMap(request -> {
                    Translation translation = bounded(() -> translation(attempt, call, request));
                    translation.onSignature((id, signature) -> memory.remember(owner.get(), id, signature));
                    ExchangeAttributes.put(attempt, Translation.class, translation);
                    send(attempt, call, written(attempt, call, translation));
                    return chain.filter(exchange);
                });
    }

    /** What leads into itself deeper than anything that somebody writes ends here, and not the event loop's work. */
    private static <T> T bounded(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError tooDeep) {
            throw ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the request leads into itself too deeply to be said in another way")
                    .exception();
        }
    }

    /** A request to count, or to make shorter, is one that would go on with the conversation, said in another way. */
    private EditedBody written(AttemptExchange exchange, Call call, Translation translation) {
        Attempt attempt = exchange.attempt();
        ChatCodec format = attempt.format().chat();
        return EditedBody.of(
                switch (call.endpoint().operation()) {
                    case COUNT_TOKENS -> format.encodeCountRequest(translation.body(), profiles.of(attempt));
                    case COMPACT -> format.encodeCompactRequest(translation.body());
                    default -> translation.body();
                });
    }

    private void send(AttemptExchange exchange, Call call, EditedBody body) {
        Set<String> schemes = profiles.keptSchemes(exchange.attempt());
        if (!schemes.isEmpty()) {
            KeptAddresses.refuse(body.bytes(), schemes);
        }
        exchange.send(new AttemptRequest(
                exchange.call().getRequest(),
                url(call, exchange.attempt()),
                UpstreamHeaders.of(exchange, call, body),
                body));
    }

    private EditedBody body(AttemptExchange exchange, Call call) {
        Attempt attempt = exchange.attempt();
        return attempt.format() == call.endpoint().format()
                ? sameFormat(exchange, attempt, call)
                : translated(exchange, call);
    }

    private EditedBody sameFormat(AttemptExchange exchange, Attempt attempt, Call call) {
        if (ExchangeAttributes.find(exchange, Continuations.class).isPresent()) {
            // an answer that another target may go on with is written by the gateway, from its first event
            ExchangeAttributes.put(exchange, Translation.class, translation(exchange, call, decoded(exchange, call)));
        }
        if (call.endpoint().operation() == Operation.CHAT
                && (CarrierSeal.mayBeIn(call.body())
                        || shaping.changes(exchange, call, () -> asSaid(exchange, call))
                        || profiles.thinksOtherwise(call.body(), attempt, json))) {
            // what was carried for another provider must not get to this one
            ChatRequest request = decoded(exchange, call);
            Translation rewritten = translation(exchange, call, request);
            if (request.legacyFunctions()) {
                // the provider is asked in today's words, and its answer said in the client's
                ExchangeAttributes.put(exchange, Translation.class, rewritten);
            }
            Losses losses = losses(exchange);
            EditedBody written = passed.unasked(EditedBody.of(rewritten.body()), attempt, losses);
            List<Loss> all = new ArrayList<>(rewritten.losses());
            all.addAll(losses.all());
            ExchangeAttributes.put(exchange, RequestLosses.class, new RequestLosses(all));
            return written;
        }
        boolean aboutAConversation = call.endpoint().operation() == Operation.COUNT_TOKENS
                || call.endpoint().operation() == Operation.COMPACT;
        if (aboutAConversation
                && (CarrierSeal.mayBeIn(call.body())
                        || !RequestShaping.of(exchange, call).isNone()
                        || profiles.thinksOtherwise(call.body(), attempt, json))) {
            Translation rewritten = translation(exchange, call, decoded(exchange, call));
            ExchangeAttributes.put(exchange, RequestLosses.class, new RequestLosses(rewritten.losses()));
            return written(exchange, call, rewritten);
        }
        Losses losses = losses(exchange);
        EditedBody written = passed.of(call, attempt, losses);
        ExchangeAttributes.put(exchange, RequestLosses.class, new RequestLosses(losses.all()));
        return written;
    }

    private static Losses losses(AttemptExchange exchange) {
        return new Losses(Strictness.isAsked(exchange.call().getRequest()));
    }

    private EditedBody translated(AttemptExchange exchange, Call call) {
        Translation translation = translation(exchange, call, decoded(exchange, call));
        ExchangeAttributes.put(exchange, Translation.class, translation);
        return written(exchange, call, translation);
    }

    /** As the client has said it. */
    private ChatRequest asSaid(AttemptExchange exchange, Call call) {
        return call.endpoint().format().chat().decode(call.body(), call.endpoint(), seal(exchange));
    }

    private ChatRequest decoded(AttemptExchange exchange, Call call) {
        ChatCodec format = call.endpoint().format().chat();
        byte[] body = call.endpoint().operation() == Operation.COUNT_TOKENS ? format.counted(call.body()) : call.body();
        ChatRequest request = format.decode(body, call.endpoint(), seal(exchange));
        ApiFormat client = call.endpoint().format();
        return shaping.shaped(exchange, call, exchange.attempt().format() == client ? request : client.told(request));
    }

    private Translation translation(AttemptExchange exchange, Call call, ChatRequest request) {
        boolean strict = Strictness.isAsked(exchange.call().getRequest());
        try {
            return new Translation(
                    call.endpoint().format(),
                    request,
                    exchange.attempt().format(),
                    profiles.of(exchange.attempt()),
                    seal(exchange),
                    strict);
        } catch (ApiException refused) {
            throw call.isForCounting() && !strict ? cannotCount(refused) : refused;
        }
    }

    /** A piece of a conversation is counted although nobody could go on with it, and by whoever it can be said to. */
    private static ApiException cannotCount(ApiException refused) {
        return new ApiError(
                        ErrorKind.NOT_FOUND,
                        ErrorCodes.NOT_OFFERED,
                        refused.error().message(),
                        null,
                        null,
                        ErrorScope.MODEL)
                .exception();
    }

    private CarrierSeal seal(AttemptExchange exchange) {
        return carriers.of(ExchangeAttributes.find(exchange, Caller.class)
                .map(caller -> caller.key().organisation())
                .orElse(""));
    }

    private static URI url(Call call, Attempt attempt) {
        String operation = call.endpoint().operation().id();
        String path = attempt.provider()
                .paths()
                .getOrDefault(operation, attempt.codec().path(attempt.target().model(), call.stream()));
        return URI.create(attempt.provider().baseUrl() + path);
    }
}
