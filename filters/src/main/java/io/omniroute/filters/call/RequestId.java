package io.omniroute.filters.call;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a request.
 *
 * @param own the gateway's, under which it is recorded
 * @param echoed what the client gets back as {@code x-request-id}: its own if that is well formed, else the gateway's
 */
public record RequestId(String own, String echoed) {

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    /** A new id for a request that came with this {@code X-Request-Id}, or with none. */
    public static RequestId next(@Nullable String fromClient) {
        String own = timed(System.currentTimeMillis()).toString();
        boolean usable = fromClient != null && WELL_FORMED.matcher(fromClient).matches();
        return new RequestId(own, fromClient != null && usable ? fromClient : own);
    }

    /** A UUID of version 7 (RFC 9562): ids of later requests are greater, and each says when its request came. */
    private static UUID timed(long millis) {
        // not a secret, so without the system's random source, which blocks
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = millis << 16 | 7L << 12 | random.nextLong() & 0xFFF;
        long low = 2L << 62 | random.nextLong() >>> 2;
        return new UUID(high, low);
    }
}
