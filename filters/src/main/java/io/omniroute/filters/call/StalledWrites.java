package io.omniroute.filters.call;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Closes the connection of a client that takes nothing of what waits for it for too long: the answer, its memory and the call's place would
 * be kept for it without end. A client that is slow and reads is not meant, and nor is one for which nothing waits.
 */
public final class StalledWrites extends IdleStateHandler {

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** @param look how often it is looked whether anything was taken */
    StalledWrites(Duration look) {
        super(true, 0, look.toMillis(), 0, TimeUnit.MILLISECONDS);
    }

    /** Watches over all connections of a server; closes them after that time at the latest, or two minutes if it is shorter, but not before a minute. */
    public static WebServerFactoryCustomizer<NettyReactiveWebServerFactory> after(Duration longest) {
        Duration half = longest.dividedBy(2);
        Duration look = half.compareTo(SHORTEST) < 0 ? SHORTEST : half;
        return factory -> factory.addServerCustomizers(server -> server.doOnChannelInit(
                (observer, channel, remote) -> channel.pipeline().addFirst(new StalledWrites(look))));
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent idle) {
        // the first one is told whether or not something was taken since
        if (!idle.isFirst() && waits(context.channel())) {
            context.close();
        }
    }

    private static boolean waits(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() > 0;
    }
}
