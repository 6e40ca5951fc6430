package io.omniroute.app.local;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Looks every few seconds whether the embedded Redis still runs, and starts it again if it does not. */
final class RedisKeeper implements SmartInitializingSingleton, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RedisKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final EmbeddedRedis redis;
    private volatile Disposable looks = () -> {};

    RedisKeeper(EmbeddedRedis redis) {
        this.redis = redis;
    }

    @Override
    public void afterSingletonsInstantiated() {
        looks = Flux.interval(PERIOD, PERIOD)
                .onBackpressureDrop()
                .concatMap(tick -> Mono.fromRunnable(this::look).subscribeOn(Schedulers.boundedElastic()), 1)
                .subscribe();
    }

    @Override
    public void destroy() {
        looks.dispose();
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
