package io.omniroute.translators.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Looks through a body for the beginning of a carrier, eight bytes at a time, because every body is looked through. */
final class CarrierSearch {

    private static final byte[] PLAIN = "\"or1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AS_BYTES = "\"b3IxL".getBytes(StandardCharsets.US_ASCII);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long QUOTES = 0x2222_2222_2222_2222L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private CarrierSearch() {}

    static boolean find(byte[] body) {
        return find(body, PLAIN, AS_BYTES);
    }

    /** Whether one of some texts is there that begin with a quote. */
    static boolean find(byte[] body, byte[]... wanted) {
        int at = 0;
        for (; at + Long.BYTES <= body.length; at += Long.BYTES) {
            long other = (long) EIGHT.get(body, at) ^ QUOTES;
            // a byte that is zero borrows from its high bit; what follows it may do so for nothing
            long quotes = (other - ONES) & ~other & HIGH_BITS;
            while (quotes != 0) {
                if (begins(at + Long.numberOfTrailingZeros(quotes) / Byte.SIZE, body, wanted)) {
                    return true;
                }
                quotes &= quotes - 1;
            }
        }
        for (; at < body.length; at++) {
            if (begins(at, body, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(int at, byte[] body, byte[]... wanted) {
        if (at + 1 >= body.length) {
            return false;
        }
        for (byte[] text : wanted) {
            if (body[at + 1] == text[1] && startsAt(at, body, text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsAt(int at, byte[] body, byte[] wanted) {
        int end = at + wanted.length;
        return end <= body.length && Arrays.equals(body, at, end, wanted, 0, wanted.length);
    }
}
