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
    /** After so many bytes without a quote, the text is taken for prose. */
    private static final int PROSE = 64;
    /** So many bytes of prose are looked at by a loop without a way out, of which the compiler makes vectors. */
    private static final int AT_ONCE = 256;

    private CarrierSearch() {}

    static boolean find(byte[] body) {
        return find(body, PLAIN, AS_BYTES);
    }

    /** Whether one of some texts is there that begin with a quote. */
    static boolean find(byte[] body, byte[]... wanted) {
        int at = 0;
        int passed = 0;
        while (at + Long.BYTES <= body.length) {
            long quotes = quotes((long) EIGHT.get(body, at));
            passed = quotes == 0 ? passed + Long.BYTES : 0;
            while (quotes != 0) {
                if (begins(at + Long.numberOfTrailingZeros(quotes) / Byte.SIZE, body, wanted)) {
                    return true;
                }
                quotes &= quotes - 1;
            }
            at += Long.BYTES;
            if (passed == PROSE) {
                at = prose(body, at);
                passed = 0;
            }
        }
        for (; at < body.length; at++) {
            if (begins(at, body, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Where the last of the blocks ends from there in which there is no quote. */
    private static int prose(byte[] body, int from) {
        int at = from;
        while (at + AT_ONCE <= body.length) {
            long quotes = 0;
            for (int i = 0; i < AT_ONCE; i += Long.BYTES) {
                quotes |= quotes((long) EIGHT.get(body, at + i));
            }
            if (quotes != 0) {
                break;
            }
            at += AT_ONCE;
        }
        return at;
    }

    /** A high bit where a byte is a quote; above the first one it may be there for nothing. */
    private static long quotes(long eight) {
        long other = eight ^ QUOTES;
        return (other - ONES) & ~other & HIGH_BITS;
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
