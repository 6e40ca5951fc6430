package io.omniroute.redis;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;

/**
 * Hears of failures of work that nobody waits for. Whether Redis is there is told by others; anything else is a defect of the work itself,
 * and is in the log, once for each kind and place where it comes from. Thread-safe.
 */
public final class Defects {

    private static final int MOST_TOLD = 100;

    private final Logger log;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param of whose work it is */
    public Defects(Class<?> of) {
        log = LoggerFactory.getLogger(of);
    }

    /** Notes a failure. */
    public void note(Throwable failure) {
        if (!isOfRedis(failure) && told.size() < MOST_TOLD && told.add(kind(failure))) {
            log.error("failed, and goes on", failure);
        }
    }

    /** Notes a failure, and goes on with nothing. */
    public <T> Mono<T> goOn(Throwable failure) {
        note(failure);
        return Mono.empty();
    }

    /** Notes a failure, and goes on with this. */
    public <T> Mono<T> goOn(Throwable failure, T instead) {
        note(failure);
        return Mono.just(instead);
    }

    /** Messages may have something of the call in them, so that each is another one. */
    private static String kind(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? failure.toString() : failure.getClass().getName() + " at " + trace[0];
    }

    private static boolean isOfRedis(Throwable failure) {
        return failure instanceof RedisException
                || failure instanceof DataAccessException
                || failure instanceof IOException
                || failure instanceof TimeoutException
                || failure instanceof CallNotPermittedException
                || isOfTheEnd(failure)
                || (failure.getCause() != null && isOfRedis(failure.getCause()));
    }

    /** What is still under way when the application ends finds no way to Redis any more. */
    private static boolean isOfTheEnd(Throwable failure) {
        return failure instanceof RejectedExecutionException
                || (failure instanceof IllegalStateException
                        && Arrays.stream(failure.getStackTrace())
                                .limit(3)
                                .anyMatch(
                                        call -> call.getClassName().equals(LettuceConnectionFactory.class.getName())));
    }
}
