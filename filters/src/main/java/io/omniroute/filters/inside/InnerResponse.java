package io.omniroute.filters.inside;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A response that is only in memory: its head is handed over when it is committed, its body as it is written. */
final class InnerResponse extends AbstractServerHttpResponse {

    private final AtomicBoolean handedOver = new AtomicBoolean();
    private volatile Consumer<CallAnswer> onHead = answer -> {};

    InnerResponse() {
        super(DefaultDataBufferFactory.sharedInstance, new HttpHeaders());
    }

    void onHead(Consumer<CallAnswer> taker) {
        onHead = taker;
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        // asked for before the response is committed: its head is whole only after that
        return Mono.defer(() -> {
            Sinks.Empty<Void> read = Sinks.empty();
            handOver(Flux.<DataBuffer>from(body).doFinally(signal -> read.tryEmitEmpty()));
            return read.asMono();
        });
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return writeWithInternal(Flux.from(body).concatMap(part -> part, 0));
    }

    @Override
    public Mono<Void> setComplete() {
        return super.setComplete().doOnSuccess(done -> handOver(Flux.empty()));
    }

    private void handOver(Flux<DataBuffer> body) {
        if (handedOver.compareAndSet(false, true)) {
            HttpStatusCode status = getStatusCode();
            onHead.accept(
                    new CallAnswer(status == null ? HttpStatus.OK : status, getHeaders(), Optional.empty(), body));
        }
    }

    /** There is no connection behind it. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeResponse() {
        return (T) this;
    }

    @Override
    protected void applyStatusCode() {
        // read when it is handed over
    }

    @Override
    protected void applyHeaders() {
        // read when they are handed over
    }

    @Override
    protected void applyCookies() {
        // there are none
    }
}
