package io.omniroute.translators.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes are UTF-8 as RFC 3629 has it: no character in more bytes than it takes, no halves of characters, nothing beyond U+10FFFF.
 * Parsers of JSON read over these, and each makes something else of them.
 */
public final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Where the first character begins that is none, or -1. */
    public static int fault(byte[] bytes) {
        return fault(bytes, 0, bytes.length);
    }

    /** The same between two places, of which the second is behind the last byte. */
    public static int fault(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = skipAscii(bytes, at, to);
            if (at < to) {
                int length = length(bytes, at, to);
                if (length == 0) {
                    return at;
                }
                at += length;
            }
        }
        return -1;
    }

    /** The first byte from there that is not ASCII, looked for eight at a time. */
    private static int skipAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - Long.BYTES && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
            at += Long.BYTES;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** How many bytes the character has that begins there and is not ASCII; 0 for none. */
    static int length(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xFF;
        int second = at + 1 < to ? bytes[at + 1] & 0xFF : 0;
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        if (first < 0xE0) {
            return isBetween(second, 0x80, 0xBF) ? 2 : 0;
        }
        if (first < 0xF0) {
            int least = first == 0xE0 ? 0xA0 : 0x80;
            int most = first == 0xED ? 0x9F : 0xBF;
            return isBetween(second, least, most) && follows(bytes, at + 2, to) ? 3 : 0;
        }
        int least = first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xF4 ? 0x8F : 0xBF;
        return isBetween(second, least, most) && follows(bytes, at + 2, to) && follows(bytes, at + 3, to) ? 4 : 0;
    }

    private static boolean follows(byte[] bytes, int at, int to) {
        return at < to && (bytes[at] & 0xC0) == 0x80;
    }

    private static boolean isBetween(int octet, int least, int most) {
        return octet >= least && octet <= most;
    }
}
