package io.omniroute.filters.attempt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.translators.error.ApiException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The exchange of one attempt: its own attributes, its own request to the provider and its own response, over the call's
 * exchange. What it does to them, the call and the other attempts do not see.
 */
public final class AttemptExchange extends ServerWebExchangeDecorator {

    private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Object> attributes;
    private final ServerHttpResponse response;
    /** Whether the connection is no longer this attempt's: its response was read to the end, or it was disposed of. */
    private final AtomicBoolean left = new AtomicBoolean();

    private final int number;
    /** Whether there was a connection to the provider, so that it may have seen the request. */
    private volatile boolean sent;

    private volatile boolean kept;
    private volatile long leftAt;

    /** Whether a deadline was missed that the combo has set sooner than the provider's. */
    private volatile boolean hurried;

    private volatile BooleanSupplier full = () -> false;
    private volatile Runnable content = () -> {};
    private volatile Runnable end = () -> {};
    private volatile BooleanSupplier lost = () -> false;
    /** Whether nobody waits for it any more; a head that comes even so must not keep its connection. */
    private volatile boolean gone;

    private final HttpHeaders credentials = new HttpHeaders();
    private volatile @Nullable AttemptRequest request;
    private volatile @Nullable UpstreamAnswer answer;

    /**
     * @param call the exchange of the call
     * @param number which try of the call it is, from 0
     */
    public AttemptExchange(ServerWebExchange call, Attempt attempt, int number) {
        super(call);
        this.number = number;
        this.attributes = new ConcurrentHashMap<>(call.getAttributes());
        this.response = new AttemptResponse(call.getResponse().bufferFactory());
        ExchangeAttributes.put(this, Attempt.class, attempt);
    }

    /** The exchange of the call, with the response that the client gets. */
    public ServerWebExchange call() {
        return getDelegate();
    }

    /** What is tried. */
    public Attempt attempt() {
        return ExchangeAttributes.require(this, Attempt.class);
    }

    /** Has somebody told when the answer's first content leaves for the client. */
    public void onContent(Runnable listener) {
        content = listener;
    }

    /** Has somebody told when the provider has nothing more to do for this attempt; perhaps several times, or never. */
    public void onEnd(Runnable listener) {
        end = listener;
    }

    /** Says how to know whether another attempt answers the call. */
    public void lostIf(BooleanSupplier answeredByAnother) {
        lost = answeredByAnother;
    }

    /** Whether it was ended because another attempt answers the call. */
    public boolean isLost() {
        return lost.getAsBoolean();
    }

    /** The answer's first content leaves for the client. */
    public void contentLeaves() {
        content.run();
    }

    /** All of the answer was read, and no round follows: the provider has done its part, even if the client has not read it yet. */
    public void providerEnds() {
        end.run();
    }

    /** Which try of the call this is, from 0. */
    public int number() {
        return number;
    }

    /** Says what to send to the provider. */
    public void send(AttemptRequest toProvider) {
        request = toProvider;
        attributes.put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, toProvider.getURI());
    }

    /**
     * The headers with the connection's credential. Kept apart from the request, whose headers any filter may look at, and
     * put to it at the last moment.
     */
    public HttpHeaders credentials() {
        return credentials;
    }

    @Override
    public ServerHttpRequest getRequest() {
        ServerHttpRequest toProvider = request;
        return toProvider == null ? super.getRequest() : toProvider;
    }

    @Override
    public ServerHttpResponse getResponse() {
        return response;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    /**
     * Notes that a deadline was missed.
     *
     * @param own how long it was for this attempt
     * @param usual how long it is for others, which says whether they would have waited longer
     */
    public void missed(Duration own, Duration usual) {
        hurried = own.compareTo(usual) < 0;
    }

    /** Whether others would have waited longer than this attempt has, so that its failure says nothing to them. */
    public boolean wasHurried() {
        return hurried;
    }

    /**
     * There is a connection to the provider, to which the request goes.
     *
     * @param kept whether it was kept from a call before
     */
    public void leaves(boolean kept) {
        this.kept = kept;
        leftAt = System.nanoTime();
        sent = true;
    }

    /**
     * From when on the provider has had the request, if it has had it since then, or else that time itself.
     *
     * @param asked by the monotonic clock
     */
    public long leftSince(long asked) {
        return hasLeftSince(asked) ? leftAt : asked;
    }

    private boolean hasLeftSince(long asked) {
        return sent && leftAt - asked >= 0;
    }

    /** Says how to know whether all connections are in use that the gateway may have to the provider. */
    public void waitsWhile(BooleanSupplier allInUse) {
        full = allInUse;
    }

    /**
     * The failure of an attempt that has waited since then for one of the gateway's own connections, which is not the provider's; empty if it
     * was something else that it has waited for.
     */
    public Optional<ApiException> wantOfConnection(long asked) {
        return !hasLeftSince(asked) && full.getAsBoolean() ? Optional.of(UpstreamFailures.busy()) : Optional.empty();
    }

    /**
     * Whether nothing at all has come of the answer on a connection that was kept from a call before, and at once: a provider that has
     * had the request for longer has seen it.
     */
    public boolean mayHaveMissedItsProvider() {
        return kept && answer == null && System.nanoTime() - leftAt < AT_ONCE_NANOS;
    }

    /** Whether the provider may have seen the request. */
    public boolean isSent() {
        return sent;
    }

    /** What is sent to the provider, once a stage has said so. */
    public @Nullable AttemptRequest toProvider() {
        return request;
    }

    /** Notes the head of the provider's response, and the connection that its body comes from. */
    public void answered(HttpClientResponse response, Connection connection) {
        // in this order: who disposes meanwhile must not take this answer for one that has been let go of
        answer = new UpstreamAnswer(response, connection);
        left.set(false);
        if (gone) {
            dispose();
        }
    }

    /** The provider's response, once its head is there. */
    public @Nullable UpstreamAnswer answer() {
        return answer;
    }

    /** The body of the provider's response, whose head must be there; read to its end, it leaves the connection to others. */
    public Flux<ByteBuf> body() {
        return inbound().doOnComplete(this::wasRead);
    }

    /** The same for somebody who says when it {@link #wasRead}. */
    public Flux<ByteBuf> inbound() {
        return begun().connection().inbound().receive();
    }

    /** The response was read to its end: the connection is no longer this attempt's. */
    public void wasRead() {
        left.set(true);
    }

    /** The event loop of the connection to the provider. */
    public EventLoop loop() {
        return begun().connection().channel().eventLoop();
    }

    private UpstreamAnswer begun() {
        return Objects.requireNonNull(answer, "the provider has not answered yet");
    }

    /** Ends the connection to the provider, unless its response was read to the end. Idempotent. */
    public void dispose() {
        gone = true;
        UpstreamAnswer begun = answer;
        if (begun != null && left.compareAndSet(false, true)) {
            begun.connection().dispose();
            end.run();
        }
    }
}
