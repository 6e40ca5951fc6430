package io.omniroute.redis;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The thread that a call belongs to, said in Reactor's context. What Redis answers comes on the one thread that reads all of its
 * answers, and what is due comes on a timer's; whatever a call goes on to do must be done on neither.
 *
 * @param scheduler runs something on the thread
 * @param isHere whether this is the thread
 */
public record CallThread(Scheduler scheduler, BooleanSupplier isHere) {

    /** The context of what belongs to this thread. */
    public Context in(Context context) {
        return context.put(CallThread.class, this);
    }

    /** The same, whose signals come on the call's thread, if it has one. */
    public static <T> Mono<T> back(Mono<T> elsewhere) {
        return elsewhere.transformDeferredContextual((mono, context) ->
                of(context).map(thread -> mono.publishOn(thread.scheduler())).orElse(mono));
    }

    /** The same, subscribed to on the call's thread, if it has one. */
    public static <T> Mono<T> on(Mono<T> work) {
        return work.transformDeferredContextual((mono, context) -> of(context)
                .filter(thread -> !thread.isHere().getAsBoolean())
                .map(thread -> mono.subscribeOn(thread.scheduler()))
                .orElse(mono));
    }

    private static Optional<CallThread> of(ContextView context) {
        return context.getOrEmpty(CallThread.class);
    }
}
