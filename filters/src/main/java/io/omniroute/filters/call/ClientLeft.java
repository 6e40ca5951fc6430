package io.omniroute.filters.call;

import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.netty.channel.AbortedException;
import reactor.util.context.Context;

/** The client has left before its request was complete: recorded as {@code client_gone}, and answered to nobody. */
public final class ClientLeft extends RuntimeException {

    private static final Logger LOG = LoggerFactory.getLogger(ClientLeft.class);
    private static final long serialVersionUID = 1;

    /** Where Reactor asks who hears of failures that nobody waits for any more; else they are errors in the log. */
    private static final String LATE_FAILURES = "reactor.onErrorDropped.local";

    private static final Consumer<Throwable> LATE = failure ->
            LOG.debug("a client's connection failed when its request did not matter any more: {}", failure.toString());

    private ClientLeft(Throwable cause) {
        super("the client left before its request was complete", cause, false, false);
    }

    /** The request's body; fails with this where the client leaves in the middle of it. */
    public static Flux<DataBuffer> body(ServerHttpRequest request) {
        return request.getBody().onErrorMap(ClientLeft::orElse).contextWrite(ClientLeft::quiet);
    }

    /** This, where something has failed because the client's connection ended; else what has failed. */
    static Throwable orElse(Throwable failure) {
        return isEnd(failure) ? new ClientLeft(failure) : failure;
    }

    /** Hears of a failure of a client's connection that nobody waits for any more. */
    static void late(Throwable failure) {
        LATE.accept(failure);
    }

    /** Whether something has failed because a client has left. */
    public static boolean isWhy(Throwable failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof AbortedException;
    }

    private static boolean isEnd(Throwable failure) {
        return failure instanceof AbortedException || failure instanceof IOException;
    }

    /** A context in which late failures of the client's connection are no errors. */
    static Context quiet(Context context) {
        return context.put(LATE_FAILURES, LATE);
    }
}
