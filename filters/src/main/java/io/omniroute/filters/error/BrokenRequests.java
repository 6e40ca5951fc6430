package io.omniroute.filters.error;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.RequestId;
import io.omniroute.filters.observe.CallRecorder;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import reactor.netty.NettyPipeline;

/**
 * Says in a client's own format why the server refused what came before it was a request: an address or headers that are too long, or what
 * is no HTTP. The server itself answers with a bare status and closes the connection, and no filter learns of it.
 */
public final class BrokenRequests implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final String NAME = "omniroute.broken";

    private final Supplier<CallRecorder> recorder;

    /** @param recorder is told of every refusal */
    public BrokenRequests(Supplier<CallRecorder> recorder) {
        this.recorder = recorder;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, remote) -> watch(channel)));
    }

    private void watch(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new Refusals(recorder));
        }
    }

    /** Of one connection, on its event loop. */
    private static final class Refusals extends ChannelDuplexHandler {

        private static final int LONGEST_ID = 512;
        private static final Pattern NOT_PRINTED = Pattern.compile("[^!-~]");

        private final Supplier<CallRecorder> recorder;
        private @Nullable HttpObject refused;
        private @Nullable HttpRequest head;
        private boolean answered;

        Refusals(Supplier<CallRecorder> recorder) {
            this.recorder = recorder;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (answered) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                refused = part;
                part.setDecoderResult(withoutText(part.decoderResult()));
            }
            if (message instanceof HttpRequest request) {
                head = request;
                if (request.decoderResult().isSuccess() && !namesOneHost(request)) {
                    request.setDecoderResult(DecoderResult.failure(new DecoderException("it does not name one host")));
                }
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof FullHttpResponse bare && cannotBeParsed(bare)) {
                context.write(answer(bare, Objects.requireNonNull(head)), promise);
                bare.release();
                return;
            }
            HttpObject part = refused == null && isRefused(head) ? head : refused;
            if (part != null && message instanceof FullHttpResponse bare && isBare(bare)) {
                refused = null;
                answered = true;
                context.write(answer(bare, part), promise);
                bare.release();
            } else {
                context.write(message, promise);
            }
            boolean interim = message instanceof HttpResponse response
                    && response.status().code() < 200;
            if (message instanceof LastHttpContent && !interim) {
                // its headers have a credential in them, and the connection may be kept for long
                head = null;
            }
        }

        /** Who stands before the gateway and the gateway itself could take two for different ones (RFC 9112, 3.2). */
        private static boolean namesOneHost(HttpRequest request) {
            int named = request.headers().getAll(HttpHeaderNames.HOST).size();
            return named == 1 || (named == 0 && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0);
        }

        /** The server logs the failure, whose message repeats what came: a key may be in it. */
        private static DecoderResult withoutText(DecoderResult failed) {
            return failed.cause() instanceof TooLongFrameException
                    ? failed
                    : DecoderResult.failure(new DecoderException("it is no HTTP/1.1 that can be read"));
        }

        /** The server may refuse one after this has seen it. */
        private static boolean isRefused(@Nullable HttpRequest request) {
            return request != null && request.decoderResult().isFailure();
        }

        /** An address that the framework cannot read is answered by it, with a bare status, too. */
        private boolean cannotBeParsed(FullHttpResponse bare) {
            HttpRequest request = head;
            if (refused != null || request == null || bare.status().code() != 400 || !isBare(bare)) {
                return false;
            }
            try {
                new URI(request.uri());
                return false;
            } catch (URISyntaxException unreadable) {
                return true;
            }
        }

        private static boolean isBare(FullHttpResponse response) {
            return response.status().code() >= 400
                    && response.status().code() < 500
                    && !response.content().isReadable();
        }

        private FullHttpResponse answer(FullHttpResponse bare, HttpObject part) {
            HttpRequest request = part instanceof HttpRequest itself ? itself : head;
            String given = request == null ? null : request.headers().get("X-Request-Id");
            RequestId id = RequestId.next(given != null && given.length() > LONGEST_ID ? null : given);
            String path = request == null ? "" : path(request.uri());
            ApiError error = part.decoderResult().isFailure()
                    ? error(bare.status())
                    : ApiError.of(ErrorKind.INVALID_REQUEST, "the address is no URI that can be read");
            ApiFormat format = ApiPath.of(path).map(ApiFormats::nearest).orElseGet(ApiFormats::nearest);
            byte[] body = format.errors().render(error, id.echoed());
            FullHttpResponse answer =
                    new DefaultFullHttpResponse(bare.protocolVersion(), bare.status(), Unpooled.wrappedBuffer(body));
            answer.headers()
                    .set(bare.headers())
                    .remove(HttpHeaderNames.TRANSFER_ENCODING)
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
                    .set("x-request-id", id.echoed())
                    .set(AnswerHeader.REQUEST_ID.header(), id.own());
            recorder.get()
                    .recordUnreadable(
                            id,
                            request == null ? "" : request.method().name(),
                            path,
                            bare.status().code());
            return answer;
        }

        /** What was not read has no path; what was, is shown without its query, which may have a key in it. */
        private static String path(String uri) {
            int end = uri.indexOf('?');
            String path = end < 0 ? uri : uri.substring(0, end);
            return path.equals("/bad-request") ? "" : NOT_PRINTED.matcher(path).replaceAll("?");
        }

        private static ApiError error(HttpResponseStatus status) {
            return switch (status.code()) {
                case 414 ->
                    ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the address is longer than this server takes (server.netty.max-initial-line-length)");
                case 431 ->
                    ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the headers are larger than this server takes (server.max-http-request-header-size)");
                default ->
                    ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the request is no HTTP/1.1 that can be read, or names no host or two");
            };
        }
    }
}
