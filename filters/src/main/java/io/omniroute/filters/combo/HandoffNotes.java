package io.omniroute.filters.combo;

import io.omniroute.config.ApiKey;
import io.omniroute.redis.Defects;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.redis.conversation.Handoff;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * What is noted of a conversation for whoever takes it over. One call of all writes a note, for each is paid for.
 *
 * @param key whose conversation it is
 * @param combo that it is with
 * @param session what the client calls it; without a name nothing is noted
 */
record HandoffNotes(ConversationStore store, ApiKey key, String combo, Optional<String> session) {

    private static final Defects DEFECTS = new Defects(HandoffNotes.class);

    /** Whether the client names the conversation. */
    boolean hasSession() {
        return session.isPresent();
    }

    /** What somebody has noted; empty if nobody has, or Redis is away. */
    Mono<Handoff> last() {
        return Mono.justOrEmpty(session)
                .flatMap(name -> store.handoff(key, combo, name))
                .onErrorResume(DEFECTS::goOn);
    }

    /**
     * Keeps what is written, unless another call writes already.
     *
     * @param writing has somebody write; empty if nothing comes of it
     */
    Mono<Void> write(Mono<String> writing, Function<String, Handoff> handoff) {
        return Mono.justOrEmpty(session)
                .flatMap(name -> store.mayWriteHandoff(key, combo, name)
                        .onErrorResume(away -> DEFECTS.goOn(away, false))
                        .filter(may -> may)
                        .flatMap(may -> writing.flatMap(text -> store.keepHandoff(key, combo, name, handoff.apply(text))
                                        .thenReturn(true))
                                .switchIfEmpty(Mono.defer(() -> ended(name).thenReturn(false)))
                                .onErrorResume(failure -> ended(name).then(Mono.error(failure)))))
                .then();
    }

    private Mono<Void> ended(String name) {
        return store.endHandoffWriting(key, combo, name).onErrorResume(DEFECTS::goOn);
    }
}
