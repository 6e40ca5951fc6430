package io.omniroute.filters.attempt;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.timeout.TimeoutException;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ResponseStatusException;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** What a failure of the connection to a provider means, without its address in the message. */
public final class UpstreamFailures {

    /** The code of failures that are for want of a connection of the gateway's own. */
    public static final String NO_CONNECTION = "no_connection_free";

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamFailures.class);

    /** The code of what failed on a connection that was kept from a call before. */
    public static final String KEPT = "upstream_closed_kept_connection";

    private UpstreamFailures() {}

    /**
     * The failure as an {@link ApiException}, or unchanged if it is a mistake of the gateway's own.
     *
     * @param written whether there was a request for the provider, which has no part in anything before
     */
    public static Throwable of(Throwable failure, boolean written) {
        return switch (failure) {
            case PoolAcquireTimeoutException full -> busy();
            case PoolAcquirePendingLimitException full -> busy();
            case ConnectTimeoutException slow ->
                of(ErrorKind.TIMEOUT, "the provider did not accept a connection in time");
            case TimeoutException slow -> of(ErrorKind.TIMEOUT, "the provider did not answer in time");
            case java.util.concurrent.TimeoutException slow ->
                of(ErrorKind.TIMEOUT, "the provider did not answer in time");
            case UnresolvedAddressException unknown ->
                of(ErrorKind.UPSTREAM_ERROR, "the host name of the provider or its proxy is not known");
            case UnknownHostException unknown -> of(ErrorKind.UPSTREAM_ERROR, "the provider's host name is not known");
            case SSLException tls -> of(ErrorKind.UPSTREAM_ERROR, "no trusted TLS connection to the provider");
            case ProxyConnectException proxy ->
                of(ErrorKind.UPSTREAM_ERROR, "the proxy did not connect the gateway with the provider");
            case PrematureCloseException cut ->
                of(ErrorKind.UPSTREAM_ERROR, "the provider closed the connection before its answer was complete");
            case CodecException odd ->
                of(ErrorKind.UPSTREAM_ERROR, "the provider's answer does not follow the rules of HTTP");
            case NumberFormatException odd ->
                of(ErrorKind.UPSTREAM_ERROR, "the provider's answer does not follow the rules of HTTP");
            case IOException broken -> of(ErrorKind.UPSTREAM_ERROR, "the connection to the provider failed");
            case ResponseStatusException status
            when status.getStatusCode().value() == 504 -> of(ErrorKind.TIMEOUT, "the provider did not answer in time");
            case NotYetConnectedException early -> kept();
            case IllegalStateException ours -> failure;
            // what is left of the answer before, on the same connection, is no head; another connection has nothing of
            // it
            case IllegalArgumentException odd
            when written ->
                ApiError.upstream(
                                ErrorKind.UPSTREAM_ERROR,
                                ErrorScope.PROVIDER,
                                "the provider's answer does not follow the rules of HTTP")
                        .withCode(ErrorCodes.EARLY_END)
                        .exception();
            default -> {
                if (!written) {
                    yield failure;
                }
                LOG.error("an attempt failed unexpectedly", failure);
                yield of(ErrorKind.UPSTREAM_ERROR, "the exchange with the provider failed");
            }
        };
    }

    /** Whether a connection has ended or broken. */
    public static boolean isEndOfConnection(Throwable failure) {
        return failure instanceof PrematureCloseException
                || failure instanceof AbortedException
                || (failure instanceof IOException
                        && !(failure instanceof SSLException)
                        && !(failure instanceof ConnectException));
    }

    /**
     * A connection that was kept and then ended without a word: the provider has most likely closed it before the request was there. And one
     * that was read before it was made, as the transport sometimes does where another has just been closed.
     */
    public static ApiException kept() {
        return ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR,
                        ErrorScope.PROVIDER,
                        "the connection to the provider ended before it was used")
                .withCode(KEPT)
                .exception();
    }

    private static ApiException of(ErrorKind kind, String message) {
        return ApiError.upstream(kind, ErrorScope.PROVIDER, message).exception();
    }

    /** All connections that the gateway may have are in use. */
    static ApiException busy() {
        return ApiError.upstream(
                        ErrorKind.OVERLOADED,
                        ErrorScope.PROVIDER,
                        "all connections to the provider are in use at the moment")
                .withCode(NO_CONNECTION)
                .withRetryAfter(Duration.ofSeconds(1))
                .exception();
    }
}
