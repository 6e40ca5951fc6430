package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;

/**
 * Closes a connection that has bytes behind the end of an answer, as one has whose head says fewer than there are: they would be read as
 * the beginning of the next answer, which may be another provider's. One for each connection, on its event loop.
 */
final class SurplusBytes {

    private static final String BYTES = "omniroute.surplusBytes";
    private static final String MESSAGES = "omniroute.endsOfAnswers";

    /** Whether nothing is asked that is not answered. */
    private boolean idle = true;

    private boolean interim;
    private int ends;

    private SurplusBytes() {}

    /** The client that watches each of its connections. */
    static HttpClient closing(HttpClient client) {
        return client.doOnChannelInit((observer, channel, address) -> {
            ChannelPipeline pipeline = channel.pipeline();
            if (pipeline.get(NettyPipeline.HttpCodec) != null) {
                SurplusBytes watch = new SurplusBytes();
                pipeline.addBefore(NettyPipeline.HttpCodec, BYTES, watch.new Bytes());
                pipeline.addAfter(NettyPipeline.HttpCodec, MESSAGES, watch.new Messages());
            }
        });
    }

    /** Sees what the codec leaves of each buffer, which it reads in place unless something was left before. */
    private final class Bytes extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf bytes)) {
                context.fireChannelRead(message);
                return;
            }
            if (idle) {
                bytes.release();
                context.close();
                return;
            }
            int before = ends;
            bytes.retain();
            boolean left;
            try {
                context.fireChannelRead(bytes);
                left = bytes.isReadable();
            } finally {
                bytes.release();
            }
            if (left && ends != before) {
                context.close();
            }
        }
    }

    /** Sees where requests begin and answers end. */
    private final class Messages extends ChannelDuplexHandler {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpRequest) {
                idle = false;
            }
            context.write(message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse head) {
                interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            }
            if (message instanceof LastHttpContent && !interim) {
                idle = true;
                ends++;
            }
            context.fireChannelRead(message);
        }
    }
}
