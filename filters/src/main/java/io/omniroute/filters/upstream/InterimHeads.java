package io.omniroute.filters.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;

/** Lets heads pass by that come before the answer's own, as {@code 103 Early Hints} does: RFC 9110, section 15.2. One for each connection. */
final class InterimHeads extends ChannelInboundHandlerAdapter {

    private static final String NAME = "omniroute.interimHeads";
    /** The first one that Reactor Netty does not know itself. */
    private static final int PROCESSING = 102;

    private boolean passing;

    /** The client with one in each of its connections. */
    static HttpClient passBy(HttpClient client) {
        return client.doOnChannelInit((observer, channel, address) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, NAME, new InterimHeads());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse head) {
            passing = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    && head.status().code() >= PROCESSING;
        }
        if (!passing) {
            context.fireChannelRead(message);
            return;
        }
        passing = !(message instanceof LastHttpContent);
        ReferenceCountUtil.release(message);
        context.read();
    }
}
