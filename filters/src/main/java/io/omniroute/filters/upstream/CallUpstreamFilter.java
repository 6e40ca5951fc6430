package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AttributeKey;
import io.omniroute.filters.Stage;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.attempt.AttemptRequest;
import io.omniroute.translators.json.EditedBody;
import java.lang.ref.WeakReference;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;

/**
 * Sends an attempt's request to its provider and waits for the head of the response. In the place of the gateway's own
 * routing filter, which is for one exchange with one upstream: the request goes out on the client's event loop, in one piece,
 * with exactly the headers that the stages put there.
 */
public final class CallUpstreamFilter implements GlobalFilter, Ordered {

    /** Stands on a connection that has brought a request before. */
    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf("omniroute.used");

    private final UpstreamClients clients;

    public CallUpstreamFilter(UpstreamClients clients) {
        this.clients = clients;
    }

    @Override
    public int getOrder() {
        return Stage.CALL_UPSTREAM.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return exchange instanceof AttemptExchange attempt ? call(attempt) : chain.filter(exchange);
    }

    private Mono<Void> call(AttemptExchange attempt) {
        AttemptRequest request = attempt.toProvider();
        if (request == null) {
            return Mono.error(new IllegalStateException("no stage has said what to send to the provider"));
        }
        // a pool keeps for good what the call was sent by that it was made for; the call itself is kept while it lasts
        WeakReference<AttemptExchange> leaving = new WeakReference<>(attempt);
        return clients.of(attempt)
                .request(HttpMethod.POST)
                .uri(request.getURI())
                .send((head, outbound) -> send(leaving.get(), head, outbound))
                .responseConnection((head, connection) -> {
                    attempt.answered(head, connection);
                    return Mono.<Void>empty();
                })
                .then()
                // whoever asks for the context from below finds it here, and not behind all stages of the call
                .contextWrite(UnaryOperator.identity());
    }

    private static Publisher<Void> send(
            @Nullable AttemptExchange attempt, HttpClientRequest head, NettyOutbound outbound) {
        AttemptRequest request = attempt == null ? null : attempt.toProvider();
        if (attempt == null || request == null) {
            return Mono.error(new CancellationException("nobody waits for the answer any more"));
        }
        write(head, request.getHeaders(), attempt.credentials());
        outbound.withConnection(
                connection -> attempt.leaves(connection.channel().attr(USED).getAndSet(true) != null));
        return outbound.send(Mono.fromSupplier(() -> written(request.body(), outbound.alloc())));
    }

    /** The body as it goes out: put together there, because it would be copied there anyway. */
    private static ByteBuf written(EditedBody body, ByteBufAllocator memory) {
        ByteBuf written = memory.directBuffer(body.length());
        body.forEachPiece(written::writeBytes);
        return written;
    }

    /** Nothing but the stages' own headers, and the credential, which no filter has seen. */
    private static void write(HttpClientRequest head, HttpHeaders headers, HttpHeaders credentials) {
        String host = head.requestHeaders().get(HttpHeaders.HOST);
        head.requestHeaders().clear();
        head.requestHeaders().set(HttpHeaders.HOST, host);
        headers.forEach((name, values) -> head.requestHeaders().set(name, values));
        credentials.forEach((name, values) -> head.requestHeaders().set(name, values));
    }
}
