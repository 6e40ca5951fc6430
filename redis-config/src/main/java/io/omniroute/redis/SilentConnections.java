package io.omniroute.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connections to a server that answers nothing any more. A server that has vanished without a word, or stands still, leaves them
 * open for a quarter of an hour, while another one has long taken its place. The client makes every one of them anew by itself, asks
 * sentinels for the master then, and subscribes again. Thread-safe.
 *
 * <p>How: each connection is looked at once a second while it waits for an answer. Looks are counted, and no time is taken, so that a pause
 * of this process is one look. Those that wait for nothing, such as subscriptions, go with the first one to the same address that has waited
 * for too long.
 */
final class SilentConnections implements NettyCustomizer {

    private static final Logger LOG = LoggerFactory.getLogger(SilentConnections.class);
    private static final int PERIOD_SECONDS = 1;
    private static final int LOOKS = 4;

    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    @Override
    public void afterChannelInitialized(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
        channel.pipeline().addFirst(new Watch());
    }

    private void leave(Channel silent) {
        SocketAddress server = silent.remoteAddress();
        LOG.warn(
                "Redis at {} has not answered for {} s; its connections are made anew", server, LOOKS * PERIOD_SECONDS);
        open.stream()
                .filter(channel -> server == null ? channel == silent : server.equals(channel.remoteAddress()))
                .forEach(Channel::close);
    }

    /** Of one connection, and on its event loop alone. */
    private final class Watch extends ChannelDuplexHandler {

        private boolean waits;
        private boolean isLookedAt;
        private int looks;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
            waits = true;
            if (!isLookedAt) {
                isLookedAt = true;
                later(context);
            }
            context.write(message, written);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            waits = false;
            looks = 0;
            context.fireChannelRead(message);
        }

        private void later(ChannelHandlerContext context) {
            context.executor().schedule(() -> look(context), PERIOD_SECONDS, TimeUnit.SECONDS);
        }

        private void look(ChannelHandlerContext context) {
            if (!waits || !context.channel().isActive()) {
                isLookedAt = false;
            } else if (++looks < LOOKS) {
                later(context);
            } else {
                leave(context.channel());
            }
        }
    }
}
