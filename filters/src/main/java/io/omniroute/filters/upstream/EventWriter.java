package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes the parts of a stream, each as soon as it comes. To a client's connection straight, because the framework's way makes
 * publishers of every part; through the framework where something stands between, such as a filter that changes answers.
 */
final class EventWriter {

    private EventWriter() {}

    static Mono<Void> write(ServerHttpResponse response, Flux<byte[]> parts) {
        if (response instanceof AbstractServerHttpResponse plain
                && plain.<Object>getNativeResponse() instanceof HttpServerResponse connection) {
            Flux<ByteBuf> buffers = parts.map(Unpooled::wrappedBuffer);
            // the head is made final by completing the response, before anything is written
            return response.setComplete()
                    .then(Mono.defer(
                            () -> connection.send(buffers, part -> true).then()));
        }
        return response.writeAndFlushWith(
                parts.map(bytes -> Mono.just(response.bufferFactory().wrap(bytes))));
    }
}
