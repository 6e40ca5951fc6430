package io.omniroute.app.local;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Looks every few seconds whether the embedded Redis still runs, and starts it again if it does not. */
final class RedisKeeper implements SmartInitializingSingleton, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RedisKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EmbeddedRedis redis;
    /** Not of Reactor's threads: an interrupt in the middle of a look would close the file by which gateways share the server. */
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("embedded-redis").factory());

    RedisKeeper(EmbeddedRedis redis) {
        this.redis = redis;
    }

    @Override
    public void afterSingletonsInstantiated() {
        looks.scheduleWithFixedDelay(this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for a look that has begun. */
    @Override
    public void destroy() throws InterruptedException {
        looks.shutdown();
        if (!looks.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn("the embedded Redis is still being started");
        }
    }

    private void look() {
        try {
            if (redis.revive()) {
                LOG.warn("the embedded Redis had died and was started again");
            }
        } catch (RuntimeException failed) {
            LOG.warn("{}", failed.getMessage());
        }
    }
}
