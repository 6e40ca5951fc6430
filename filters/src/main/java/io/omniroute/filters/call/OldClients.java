package io.omniroute.filters.call;

import io.netty.handler.codec.http.HttpVersion;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers clients of HTTP/1.0 as they understand it: what has no length ends with the connection and is not cut into chunks, which RFC
 * 9112 (6.1) forbids to send them.
 */
public final class OldClients implements HttpHandlerDecoratorFactory {

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> {
            if (nativeOf(response) instanceof HttpServerResponse server
                    && server.version().equals(HttpVersion.HTTP_1_0)) {
                server.chunkedTransfer(false).keepAlive(false);
            }
            return handler.handle(request, response);
        };
    }

    private static Object nativeOf(ServerHttpResponse response) {
        return ServerHttpResponseDecorator.getNativeResponse(response);
    }
}
