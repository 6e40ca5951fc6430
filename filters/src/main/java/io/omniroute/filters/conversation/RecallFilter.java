package io.omniroute.filters.conversation;

import io.omniroute.config.ApiKey;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.SentAnswer;
import io.omniroute.redis.Insisting;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.KeptAnswer;
import io.omniroute.translators.format.Recalls;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.Loss;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes out what a request refers to, so that every provider gets the whole conversation, and keeps the answer for requests
 * to come. Only what this gateway has answered the caller's own team is known; nothing is kept by a provider.
 *
 * <p>A call that refers to nothing awaits nothing; its answer is kept without anybody waiting for that.
 */
public final class RecallFilter implements GlobalFilter, Ordered {

    private static final int AGAIN = 2;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** How many different items one request may refer to. */
    private static final int MOST_ITEMS = 2_000;
    /** How many characters may wait for a Redis that is away. */
    private static final long MOST_INSISTED = 16_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(RecallFilter.class);

    private final ConversationStore store;
    private final ConversationProperties settings;
    /** Of how many characters it is held whether they could be kept. */
    private final AtomicLong insisted = new AtomicLong();

    private final LimitsProperties limits;
    private final BodyMemory memory;
    private final JsonLimits json;

    public RecallFilter(
            ConversationStore store,
            ConversationProperties settings,
            LimitsProperties limits,
            BodyMemory memory,
            JsonLimits json) {
        this.store = store;
        this.settings = settings;
        this.limits = limits;
        this.memory = memory;
        this.json = json;
    }

    @Override
    public int getOrder() {
        return Stage.RECALL.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<Call> call = ExchangeAttributes.find(exchange, Call.class);
        Recalls recalls = call.map(known -> known.head().recalls())
                .map(Recalls::withoutProvider)
                .orElse(null);
        if (call.isEmpty() || recalls == null) {
            return chain.filter(exchange);
        }
        Optional<ApiKey> owner = ExchangeAttributes.find(exchange, Caller.class).map(Caller::key);
        ConversationCodec codec = call.get().codec().conversation().orElseThrow();
        boolean keeps = owner.isPresent() && !settings.keep().isZero();
        if (recalls.leavesOut()) {
            call.get().lost(new Loss(Loss.Code.REASONING_STRIPPED, "input"));
        }
        if (recalls.refers() && !keeps) {
            return Mono.error(nothingKept(recalls));
        }
        if (!recalls.refers()) {
            byte[] body = call.get().body();
            if (recalls.leavesOut()) {
                String own = codec.items(body, recalls, Map.of());
                replaced(exchange, call.get(), codec.writtenOut(body, recalls, List.of(), own));
            }
            if (keeps) {
                keep(exchange, owner.get(), codec, recalls, body, Map.of());
            }
            return chain.filter(exchange);
        }
        BodyMemory.Share share = memory.share();
        return Mono.zip(items(owner.get(), codec, recalls), turns(owner.get(), recalls))
                .retryWhen(Retry.fixedDelay(AGAIN, PAUSE)
                        .filter(RecallFilter::isNotFound)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .onErrorMap(ConversationStore.TooLong.class, tooLong -> tooLong())
                .onErrorMap(failure -> !(failure instanceof ApiException), away -> storeAway())
                .flatMap(found -> {
                    writeOut(exchange, call.get(), codec, recalls, found.getT1(), found.getT2(), share);
                    keep(exchange, owner.get(), codec, recalls, call.get().body(), found.getT1());
                    return chain.filter(exchange);
                })
                .doFinally(signal -> share.giveBack());
    }

    private Mono<Map<String, String>> items(ApiKey owner, ConversationCodec codec, Recalls recalls) {
        List<String> ids = recalls.items().stream()
                .map(Recalls.Item::reference)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (ids.size() > MOST_ITEMS) {
            return Mono.error(ApiError.invalid("input", "'input' refers to more than " + MOST_ITEMS + " items")
                    .exception());
        }
        return store.items(owner, ids, settings.keep()).map(found -> {
            Map<String, String> sentBack = new HashMap<>();
            for (String id : ids) {
                String item = found.get(id);
                if (item == null) {
                    throw notFound("input", "Item with id '" + shown(id) + "' not found");
                }
                codec.sentBack(item).ifPresent(json -> sentBack.put(id, json));
            }
            return sentBack;
        });
    }

    private Mono<List<String>> turns(ApiKey owner, Recalls recalls) {
        String previous = recalls.previous();
        return previous == null
                ? Mono.just(List.of())
                : store.turns(owner, previous, limits.body().toBytes(), settings.keep())
                        .switchIfEmpty(Mono.error(() -> notFound(
                                "previous_response_id",
                                "Previous response with id '" + shown(previous) + "' not found")));
    }

    private void writeOut(
            ServerWebExchange exchange,
            Call call,
            ConversationCodec codec,
            Recalls recalls,
            Map<String, String> items,
            List<String> earlier,
            BodyMemory.Share share) {
        long length = earlier.stream().mapToLong(String::length).sum();
        for (Recalls.Item item : recalls.items()) {
            String referred = item.reference() == null ? null : items.get(item.reference());
            length += referred == null ? 0 : referred.length();
        }
        if (call.body().length + length > limits.body().toBytes()) {
            throw tooLong();
        }
        // the text, and the bytes that are made of it
        share.take(3 * length);
        byte[] body = codec.writtenOut(call.body(), recalls, earlier, codec.items(call.body(), recalls, items));
        if (body.length > limits.body().toBytes()) {
            throw tooLong();
        }
        replaced(exchange, call, body);
    }

    private void replaced(ServerWebExchange exchange, Call call, byte[] body) {
        RequestHead head = call.codec().readRequest(body, call.endpoint(), json);
        ExchangeAttributes.put(exchange, Call.class, call.with(body, head));
    }

    private void keep(
            ServerWebExchange exchange,
            ApiKey owner,
            ConversationCodec codec,
            Recalls recalls,
            byte[] body,
            Map<String, String> items) {
        if (!recalls.keep()) {
            return;
        }
        ExchangeAttributes.put(
                exchange,
                SentAnswer.class,
                new AnswerKeeper(codec, (int) limits.answer().toBytes(), answer -> {
                    String own = codec.items(body, recalls, items);
                    store(owner, answer, Objects.requireNonNullElse(recalls.previous(), ""), own);
                }));
    }

    private void store(ApiKey owner, KeptAnswer answer, String previous, String asked) {
        String answered = answer.sentBack();
        long length = asked.length() + (long) answered.length();
        if (length > settings.turn().toBytes()) {
            LOG.info("answer {} is not kept, because it would take {} characters", answer.id(), length);
            return;
        }
        String turn = asked.isEmpty() || answered.isEmpty() ? asked + answered : asked + "," + answered;
        Mono<Void> write = store.keep(
                owner, answer.id(), new ConversationStore.Turn(previous, turn), answer.items(), settings.keep());
        // written again where Redis was away for a moment, as long as not too much waits for that
        boolean insists = insisted.addAndGet(length) <= MOST_INSISTED;
        (insists ? Insisting.on(write) : write)
                .doFinally(end -> insisted.addAndGet(-length))
                .subscribe(
                        kept -> {}, away -> LOG.warn("answer {} could not be kept: {}", answer.id(), away.toString()));
    }

    private static ApiException nothingKept(Recalls recalls) {
        String name = recalls.previous() == null ? "input" : "previous_response_id";
        return ApiError.invalid(
                        name,
                        "'" + name
                                + "' refers to an earlier answer, but none is kept here; send the conversation itself")
                .withCode(ErrorCodes.UNSUPPORTED)
                .exception();
    }

    private ApiException notFound(String field, String message) {
        Duration keep = settings.keep();
        return ApiError.invalid(
                        field,
                        message + ": answers to this team are kept for " + keep.toMinutes()
                                + " minutes, unless 'store' is false")
                .withCode(field.equals("input") ? "item_not_found" : "previous_response_not_found")
                .exception();
    }

    /** An answer is kept beside its way to the client, which may be the faster one. */
    private static boolean isNotFound(Throwable failure) {
        return failure instanceof ApiException refused
                && refused.error().code() != null
                && refused.error().code().endsWith("_not_found");
    }

    private static ApiException tooLong() {
        return ApiError.of(ErrorKind.TOO_LARGE, "the conversation that the request refers to has become too long")
                .exception();
    }

    private static ApiException storeAway() {
        return ApiError.notNow("earlier answers cannot be looked up at the moment, because the gateway's store is away")
                .exception();
    }

    private static String shown(String id) {
        return id.length() <= 80 ? id : id.substring(0, 80) + "...";
    }
}
