package io.omniroute.filters.attempt;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * Where the gateway puts the head of a provider's response, so that it does not land on the client's. Not a decorator: the
 * gateway unwraps those to write statuses that are not standard.
 */
final class AttemptResponse extends AbstractServerHttpResponse {

    AttemptResponse(DataBufferFactory buffers) {
        super(buffers, new HttpHeaders());
    }

    @Override
    public <T> T getNativeResponse() {
        throw new IllegalStateException("an attempt's response has no native one");
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        return Mono.error(new IllegalStateException("nothing writes to an attempt's response"));
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return Mono.error(new IllegalStateException("nothing writes to an attempt's response"));
    }

    @Override
    protected void applyStatusCode() {
        // it is read, not sent
    }

    @Override
    protected void applyHeaders() {
        // they are read, not sent
    }

    @Override
    protected void applyCookies() {
        // there are none
    }
}
