package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.omniroute.config.Deadlines;
import io.omniroute.filters.attempt.UpstreamAnswer;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Reads the bodies of providers' answers. */
final class UpstreamBody {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamBody.class);
    private static final Duration LONGEST_ERROR = Duration.ofSeconds(2);

    private UpstreamBody() {}

    /** The beginning of an error's body; empty if it does not come in time. */
    static Mono<byte[]> ofError(Flux<ByteBuf> body, Deadlines deadlines, long most) {
        ByteArrayOutputStream collected = new ByteArrayOutputStream(512);
        Duration patience = deadlines.idle().compareTo(LONGEST_ERROR) < 0 ? deadlines.idle() : LONGEST_ERROR;
        return body.doOnNext(read -> {
                    byte[] bytes = bytes(read);
                    if (collected.size() < most) {
                        collected.write(bytes, 0, (int) Math.min(bytes.length, most - collected.size()));
                    }
                })
                .takeUntil(bytes -> collected.size() >= most)
                .then()
                .timeout(patience)
                .onErrorResume(cut -> {
                    LOG.debug("the body of a provider's error was cut off: {}", cut.toString());
                    return Mono.empty();
                })
                .then(Mono.fromSupplier(collected::toByteArray));
    }

    /**
     * The whole body, within a bound.
     *
     * @param share what it takes of the memory of all bodies
     */
    static Mono<byte[]> whole(UpstreamReads reads, BodyMemory.Share share, long most) {
        return reads.collect(() -> new ByteArrayOutputStream(1024), (collected, bytes) -> {
                    if (collected.size() + (long) bytes.length > most) {
                        throw ApiError.upstream(
                                        ErrorKind.UPSTREAM_ERROR,
                                        ErrorScope.MODEL,
                                        "the provider's answer has more than " + most + " bytes")
                                .exception();
                    }
                    share.take(bytes.length);
                    collected.writeBytes(bytes);
                })
                .map(ByteArrayOutputStream::toByteArray);
    }

    /** The bytes of a buffer, which is read to its end. */
    static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    /** Refuses an answer of another type, or one that is encoded. */
    static void requireType(UpstreamAnswer answer, MediaType expected) {
        String encoding = answer.header(HttpHeaders.CONTENT_ENCODING);
        String type = answer.header(HttpHeaders.CONTENT_TYPE);
        boolean other = type != null
                && (expected == MediaType.TEXT_EVENT_STREAM)
                        != type.toLowerCase(Locale.ROOT).contains("event-stream");
        if (other || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            throw isNot(expected);
        }
    }

    /** Whether an answer says that it is JSON, as one that is not streamed does. */
    static boolean isJson(UpstreamAnswer answer) {
        String type = answer.header(HttpHeaders.CONTENT_TYPE);
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_JSON_VALUE);
    }

    /** A whole answer where a stream was asked for. */
    static ApiException notStreamed() {
        return isNot(MediaType.TEXT_EVENT_STREAM);
    }

    private static ApiException isNot(MediaType expected) {
        return ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR,
                        ErrorScope.MODEL,
                        "the provider's answer is not " + expected + " without content encoding")
                .exception();
    }

    /** Whether a failure is that the connection broke, or what comes over it is not HTTP any more. */
    static boolean isCut(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof AbortedException
                || failure instanceof DecoderException
                // what Netty makes of a chunk's size that is none
                || failure instanceof NumberFormatException;
    }

    /** What a broken connection means. */
    static Throwable connectionFailure(Throwable failure) {
        return isCut(failure)
                ? ApiError.upstream(
                                ErrorKind.UPSTREAM_ERROR,
                                ErrorScope.PROVIDER,
                                "the connection to the provider broke before the answer was complete")
                        .withCode(ErrorCodes.EARLY_END)
                        .exception()
                : failure;
    }
}
