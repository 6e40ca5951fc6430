package io.omniroute.filters.call;

import io.netty.channel.EventLoop;
import io.omniroute.redis.CallThread;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/** The event loop of a client's connection, on which its calls are worked on. */
public final class ClientLoop {

    /** There are as many as cores. */
    private static final Map<EventLoop, CallThread> THREADS = new ConcurrentHashMap<>();

    private ClientLoop() {}

    private static CallThread threadOf(EventLoop loop) {
        return new CallThread(Schedulers.fromExecutor(loop::execute), loop::inEventLoop);
    }

    /** The event loop of a call from outside; {@code null} for calls from inside and clients that have gone. */
    public static @Nullable EventLoop of(ServerHttpRequest request) {
        if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest server) {
            @Nullable EventLoop[] loop = new EventLoop[1];
            // a client that has gone may be on none any more
            server.withConnection(connection -> loop[0] =
                    connection.channel().isRegistered() ? connection.channel().eventLoop() : null);
            return loop[0];
        }
        return null;
    }

    /** The loop as the thread of a call; {@code null} where there is none. */
    public static @Nullable CallThread threadOf(ServerHttpRequest request) {
        EventLoop loop = of(request);
        return loop == null ? null : THREADS.computeIfAbsent(loop, ClientLoop::threadOf);
    }
}
