package io.omniroute.filters.error;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import reactor.netty.NettyPipeline;

/**
 * Closes a connection in two steps where its client was answered in the middle of its body (RFC 9112, 9.6): first this side says that nothing
 * more comes, then what still arrives is read and dropped until the client closes, too, or for a bounded time. A connection that is closed
 * at once is reset by what still arrives, and the reset takes the answer with it before many clients have read it.
 */
public final class LingeringClose implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final String NAME = "omniroute.linger";
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, remote) -> watch(channel)));
    }

    private static void watch(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new Lingering());
        }
    }

    /** Of one connection, on its event loop. */
    private static final class Lingering extends ChannelDuplexHandler {

        private boolean receiving;
        private boolean answered;
        private @Nullable ChannelPromise closing;
        private long heardAt;
        private long endsAt;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                receiving = true;
                answered = false;
            }
            // nobody knows where what cannot be read ends
            if (message instanceof LastHttpContent last && last.decoderResult().isSuccess()) {
                receiving = false;
            }
            ChannelPromise promise = closing;
            if (promise == null) {
                context.fireChannelRead(message);
                return;
            }
            ReferenceCountUtil.release(message);
            heardAt = System.nanoTime();
            if (!receiving) {
                context.close(promise);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (closing == null) {
                context.fireChannelReadComplete();
            } else {
                heardAt = System.nanoTime();
                context.read();
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            boolean interim = message instanceof HttpResponse response
                    && response.status().code() < 200;
            if (message instanceof LastHttpContent && !interim) {
                answered = true;
            }
            context.write(message, promise);
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            if (!receiving || !answered || closing != null || !context.channel().isActive()) {
                context.close(promise);
                return;
            }
            closing = promise;
            heardAt = System.nanoTime();
            endsAt = heardAt + LONGEST.toNanos();
            saysThatNothingMoreComes(context);
            Future<?> look =
                    context.executor().scheduleAtFixedRate(() -> look(context, promise), 1, 1, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(closed -> look.cancel(false));
            context.read();
        }

        private void look(ChannelHandlerContext context, ChannelPromise promise) {
            long now = System.nanoTime();
            if (now - heardAt >= LONGEST_SILENCE.toNanos() || now - endsAt >= 0) {
                context.close(promise);
            }
        }

        private static void saysThatNothingMoreComes(ChannelHandlerContext context) {
            SslHandler encrypted = context.pipeline().get(SslHandler.class);
            if (encrypted != null) {
                encrypted.closeOutbound();
            } else if (context.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
            }
        }
    }
}
