package io.omniroute.redis.conversation;

import io.omniroute.config.ApiKey;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The items of answers, the turns that conversations consist of, and the signatures of calls, each for the organisation and team that it belongs to:
 * what one team was answered, no other can refer to. All methods have the deadline and the breaker of {@link RedisGuard}.
 */
public final class ConversationStore {

    private static final Duration WRITING = Duration.ofMinutes(1);

    /** How many turns a conversation may have. */
    private static final int MOST_TURNS = 2_000;

    private static final int LONGEST_ID = 200;
    private static final Duration HANDOFF = Duration.ofHours(5);
    private static final int AT_ONCE = 32;

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public ConversationStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /**
     * One turn: what was asked and answered.
     *
     * @param previous the id of the turn before it, empty for the first one
     * @param items what was asked and answered, as JSON objects with commas between them
     */
    public record Turn(String previous, String items) {}

    /** Keeps a turn and its items by their ids, for a time. */
    public Mono<Void> keep(ApiKey owner, String id, Turn turn, Map<String, String> items, Duration time) {
        String tenant = Tenants.of(owner);
        List<Mono<Boolean>> writes = new ArrayList<>();
        items.forEach((item, json) ->
                writes.add(redis.opsForValue().set(RedisKeys.conversationItem(tenant, item), json, time)));
        writes.add(redis.opsForValue()
                .set(RedisKeys.conversationTurn(tenant, id), turn.previous() + "\n" + turn.items(), time));
        return guard.call(Flux.merge(writes).then());
    }

    /** The items of these ids, as far as they are known; they are kept for that time from now on. */
    public Mono<Map<String, String>> items(ApiKey owner, Collection<String> ids, Duration time) {
        String tenant = Tenants.of(owner);
        return Flux.fromIterable(ids)
                .filter(id -> id.length() <= LONGEST_ID)
                .flatMap(
                        id -> guard.call(redis.opsForValue().getAndExpire(RedisKeys.conversationItem(tenant, id), time))
                                .map(json -> Map.entry(id, json)),
                        AT_ONCE)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /**
     * The items of a turn and of all before it, the oldest first; empty if one of them is not known. They are kept for that time from
     * now on, so that a conversation that goes on does not lose its beginning.
     *
     * @param most how many characters they may have together; more of them fail with {@link TooLong}
     */
    public Mono<List<String>> turns(ApiKey owner, String id, long most, Duration time) {
        return turns(Tenants.of(owner), id, List.of(), most, time);
    }

    /** A conversation is longer than the caller wants it. */
    public static final class TooLong extends RuntimeException {

        private static final long serialVersionUID = 1;

        TooLong() {
            super("the conversation is too long");
        }
    }

    /** Keeps the signature of a call, for a time. */
    public Mono<Void> keepSignature(ApiKey owner, String call, String signature, Duration time) {
        return guard.call(redis.opsForValue().set(RedisKeys.callSignature(Tenants.of(owner), call), signature, time))
                .then();
    }

    /** The signatures of these calls, as far as they are known. */
    public Mono<Map<String, String>> signatures(ApiKey owner, Collection<String> calls) {
        String tenant = Tenants.of(owner);
        return Flux.fromIterable(calls)
                .filter(call -> call.length() <= LONGEST_ID)
                .flatMap(
                        call -> guard.call(redis.opsForValue().get(RedisKeys.callSignature(tenant, call)))
                                .map(signature -> Map.entry(call, signature)),
                        AT_ONCE)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Keeps what is told to whoever takes a conversation over. */
    public Mono<Void> keepHandoff(ApiKey owner, String combo, String session, Handoff handoff) {
        return guard.call(redis.opsForValue()
                        .set(RedisKeys.handoff(Tenants.of(owner), combo, session), handoff.written(), HANDOFF))
                .then();
    }

    /** Whether this is the one that writes what is to be told; others may try again after a minute, if nothing is there then. */
    public Mono<Boolean> mayWriteHandoff(ApiKey owner, String combo, String session) {
        return guard.call(redis.opsForValue()
                .setIfAbsent(RedisKeys.handoffWriter(Tenants.of(owner), combo, session), "1", WRITING));
    }

    /** Nothing came of it, and somebody else may write it. */
    public Mono<Void> endHandoffWriting(ApiKey owner, String combo, String session) {
        return guard.call(redis.delete(RedisKeys.handoffWriter(Tenants.of(owner), combo, session)))
                .then();
    }

    /** What is told to whoever takes a conversation over; empty if nothing is kept. */
    public Mono<Handoff> handoff(ApiKey owner, String combo, String session) {
        return guard.call(redis.opsForValue().get(RedisKeys.handoff(Tenants.of(owner), combo, session)))
                .filter(kept -> kept.indexOf('\n') > 0)
                .map(Handoff::read);
    }

    private Mono<List<String>> turns(String tenant, String id, List<String> later, long most, Duration time) {
        if (id.length() > LONGEST_ID) {
            return Mono.empty();
        }
        if (later.size() >= MOST_TURNS) {
            return Mono.error(new TooLong());
        }
        return guard.call(redis.opsForValue().getAndExpire(RedisKeys.conversationTurn(tenant, id), time))
                .map(ConversationStore::turn)
                .flatMap(turn -> {
                    long left = most - turn.items().length();
                    if (left < 0) {
                        return Mono.error(new TooLong());
                    }
                    List<String> all = new ArrayList<>(List.of(turn.items()));
                    all.addAll(later);
                    return turn.previous().isEmpty() ? Mono.just(all) : turns(tenant, turn.previous(), all, left, time);
                });
    }

    private static Turn turn(String kept) {
        int end = kept.indexOf('\n');
        return new Turn(kept.substring(0, end), kept.substring(end + 1));
    }
}
