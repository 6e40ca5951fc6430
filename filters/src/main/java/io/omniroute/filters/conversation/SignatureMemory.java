package io.omniroute.filters.conversation;

import io.omniroute.config.ApiKey;
import io.omniroute.redis.Defects;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Opaque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * The signatures of calls that pass through clients which drop them. What a client does send back, carries its own; only for the
 * others is the memory asked. Without it there is the placeholder that Google documents, so that no call fails for it.
 */
public final class SignatureMemory {

    /** The latest calls are those whose signatures are looked at. */
    private static final int MOST_CALLS = 64;

    private final Defects defects = new Defects(SignatureMemory.class);
    private final ConversationStore store;
    private final ConversationProperties settings;

    public SignatureMemory(ConversationStore store, ConversationProperties settings) {
        this.store = store;
        this.settings = settings;
    }

    /** Keeps the signature of a call; nobody waits for it. */
    public void remember(ApiKey owner, String call, Opaque signature) {
        if (!settings.keep().isZero()) {
            store.keepSignature(owner, call, signature.payload(), settings.keep())
                    .subscribe(kept -> {}, defects::note);
        }
    }

    /** The request with the signatures of this family that its client has dropped, as far as they are known. */
    public Mono<ChatRequest> signed(ApiKey owner, ChatRequest request, String family) {
        List<String> calls = List.copyOf(request.unsignedCalls());
        if (calls.isEmpty() || settings.keep().isZero()) {
            return Mono.just(request);
        }
        List<String> latest = calls.subList(Math.max(0, calls.size() - MOST_CALLS), calls.size());
        return store.signatures(owner, latest)
                .onErrorResume(away -> defects.goOn(away, Map.of()))
                .map(found -> {
                    Map<String, Opaque> signatures = new HashMap<>();
                    found.forEach((call, signature) ->
                            signatures.put(call, new Opaque(family, Opaque.Kind.SIGNATURE, null, signature)));
                    return signatures.isEmpty() ? request : request.signed(signatures);
                });
    }
}
