package io.omniroute.app.support;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Makes a call that blocks an event loop fail the test class in which it is found. BlockHound's own error is not thrown: it
 * would come up inside a library's signal handling, where nobody hears it and the stream it was thrown in never ends.
 */
public final class BlockedLoops implements BlockHoundIntegration, BeforeAllCallback, AfterAllCallback {

    private static final Map<String, String> FOUND = new ConcurrentHashMap<>();
    private static final int FRAMES = 30;
    private static final List<String> LIBRARIES = List.of(
            "io.lettuce.", "org.springframework.data.redis.connection.lettuce.", "tools.jackson.", "io.netty.buffer.");
    private static final Set<String> WAITING = Set.of(
            "java.util.concurrent.CountDownLatch",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.FutureTask",
            "java.io.FileInputStream",
            "java.io.RandomAccessFile",
            "java.net.Socket$SocketInputStream",
            "java.lang.Thread");
    private static final List<String> OWN =
            List.of("java.", "jdk.", "reactor.blockhound.", BlockedLoops.class.getName());

    /** Installs BlockHound with the first class; its own listener would be loaded by whoever only lists the tests, too. */
    @Override
    public void beforeAll(ExtensionContext context) {
        BlockHound.install();
    }

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.blockingMethodCallback(method -> {
            StackTraceElement[] frames = new Throwable().getStackTrace();
            if (isLockOfALibrary(frames)) {
                return;
            }
            String where = Arrays.stream(frames)
                    .limit(FRAMES)
                    .map(frame -> "\tat " + frame)
                    .collect(Collectors.joining("\n"));
            FOUND.putIfAbsent(where, method + " on " + Thread.currentThread().getName());
        });
        // Lettuce makes the TLS of a connection, once, on a loop that carries nothing else before it is made
        builder.allowBlockingCallsInside(
                "io.lettuce.core.SslConnectionBuilder$SslChannelInitializer", "initializeSSLEngine");
        // a breaker whose time is over is half open for whoever comes first, which is a lock once in its time
        builder.allowBlockingCallsInside(
                "io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine$OpenState",
                "toHalfOpenState");
        // the test that wedges a loop on purpose
        builder.allowBlockingCallsInside(Blocking.class.getName(), "await");
    }

    /**
     * Lettuce, Spring Data around it, Jackson and Netty's allocator hold locks for as long as they change a counter, read which
     * connection is shared, learn a type for the first time or hand over a chunk, and nobody can help it. Whoever waits for an answer in
     * them, or reads from a file, waits for more than a lock.
     */
    private static boolean isLockOfALibrary(StackTraceElement[] frames) {
        boolean waits = Arrays.stream(frames)
                .takeWhile(frame -> OWN.stream().anyMatch(frame.getClassName()::startsWith))
                .anyMatch(frame -> WAITING.contains(frame.getClassName())
                        || frame.getMethodName().equals("await"));
        return !waits
                && Arrays.stream(frames)
                        .map(StackTraceElement::getClassName)
                        .filter(name -> OWN.stream().noneMatch(name::startsWith))
                        .findFirst()
                        .filter(name -> LIBRARIES.stream().anyMatch(name::startsWith))
                        .isPresent();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        String found = find();
        if (!found.isEmpty()) {
            throw new AssertionError("event loops were blocked:\n" + found);
        }
    }

    /** What has blocked an event loop since the last look, with its stack; empty if nothing has. */
    public static String find() {
        Map<String, String> found = new TreeMap<>(FOUND);
        FOUND.keySet().removeAll(found.keySet());
        return found.entrySet().stream()
                .map(blocked -> blocked.getValue() + "\n" + blocked.getKey())
                .collect(Collectors.joining("\n"));
    }
}
