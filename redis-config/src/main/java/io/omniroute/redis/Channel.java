package io.omniroute.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ReactiveSubscription;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.ReactiveRedisMessageListenerContainer;
import reactor.core.publisher.Flux;

/** A channel of Redis, on which instances tell each other what has changed. Thread-safe. */
public final class Channel {

    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;
    private final String name;

    /** @param name the channel's key */
    public Channel(ReactiveStringRedisTemplate redis, RedisGuard guard, String name) {
        this.redis = redis;
        this.guard = guard;
        this.name = name;
    }

    /**
     * Every message from now on, also after the connection was lost and made anew; an error when there is none to begin with. That it cannot be given back where Redis has gone away
     * meanwhile is nobody's failure, which the template's own listener makes an error in the log.
     */
    public Flux<String> messages() {
        return guard.connected()
                .thenMany(Flux.using(
                        () -> new ReactiveRedisMessageListenerContainer(redis.getConnectionFactory()),
                        listener ->
                                listener.receive(ChannelTopic.of(name)).map(ReactiveSubscription.Message::getMessage),
                        listener -> listener.destroyLater()
                                .subscribe(
                                        done -> {},
                                        away -> LOG.debug(
                                                "the subscription to {} was not given back: {}",
                                                name,
                                                away.toString()))));
    }
}
