package io.omniroute.translators.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;

/**
 * Makes parsers that pass over texts nobody reads eight bytes at a time: most of a request are its prompts, and most of what the gateway
 * asks is elsewhere. They are Jackson's own parsers but for that, and refuse what those refuse. Safe to share.
 */
final class RequestJsonFactory extends JsonFactory {

    private static final long serialVersionUID = 1L;

    RequestJsonFactory(JsonFactoryBuilder settings) {
        super(settings);
    }

    @Override
    protected JsonParser _createParser(ObjectReadContext context, IOContext io, byte[] data, int offset, int length) {
        if (length < Long.BYTES || data[offset] != '{' || data[offset + 1] == 0) {
            // a byte order mark, another encoding: what Jackson finds out
            return super._createParser(context, io, data, offset, length);
        }
        _checkRangeBoundsForByteArray(data, offset, length);
        _streamReadConstraints.validateDocumentLength(length);
        return new Skipping(
                context,
                io,
                context.getStreamReadFeatures(_streamReadFeatures),
                context.getFormatReadFeatures(_formatReadFeatures),
                _byteSymbolCanonicalizer.makeChildOrPlaceholder(_factoryFeatures),
                data,
                offset,
                offset + length);
    }

    private static final class Skipping extends UTF8StreamJsonParser {

        private static final VarHandle EIGHT =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        private static final long ONES = 0x0101_0101_0101_0101L;
        private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
        private static final long QUOTES = ONES * '"';
        private static final long BACKSLASHES = ONES * '\\';
        private static final long SPACES = ONES * ' ';
        /** After so many bytes with nothing to stop at, the text is taken for prose. */
        private static final int PROSE = 64;
        /** So many bytes of prose are looked at by a loop without a way out, of which the compiler makes vectors. */
        private static final int AT_ONCE = 256;

        Skipping(
                ObjectReadContext context,
                IOContext io,
                int streamFeatures,
                int formatFeatures,
                ByteQuadsCanonicalizer names,
                byte[] data,
                int start,
                int end) {
            super(context, io, streamFeatures, formatFeatures, null, names, data, start, end, 0, false);
        }

        @Override
        protected void _skipString() {
            byte[] bytes = _inputBuffer;
            int at = _inputPtr;
            int end = _inputEnd;
            int passed = 0;
            while (at <= end - Long.BYTES) {
                long found = stops((long) EIGHT.get(bytes, at));
                if (found == 0) {
                    at += Long.BYTES;
                    passed += Long.BYTES;
                    if (passed == PROSE) {
                        at = prose(bytes, at, end);
                        passed = 0;
                    }
                    continue;
                }
                passed = 0;
                at += Long.numberOfTrailingZeros(found) / Byte.SIZE;
                if (bytes[at] == '"') {
                    _tokenIncomplete = false;
                    _inputPtr = at + 1;
                    return;
                }
                int length = bytes[at] == '\\' ? shortEscape(bytes, at + 1, end) : Utf8.length(bytes, at, end);
                if (length == 0) {
                    break;
                }
                at += length;
            }
            _inputPtr = at;
            super._skipString();
        }

        /** Where the last of the blocks ends from there in which there is nothing to stop at. */
        private static int prose(byte[] bytes, int from, int end) {
            int at = from;
            while (at <= end - AT_ONCE) {
                long found = 0;
                for (int i = 0; i < AT_ONCE; i += Long.BYTES) {
                    found |= stops((long) EIGHT.get(bytes, at + i));
                }
                if (found != 0) {
                    break;
                }
                at += AT_ONCE;
            }
            return at;
        }

        /** A high bit where a byte is a quote, a backslash or no ASCII that a text may have; above the first one it may be there for nothing. */
        private static long stops(long eight) {
            long quotes = eight ^ QUOTES;
            long backslashes = eight ^ BACKSLASHES;
            return ((quotes - ONES) & ~quotes | (backslashes - ONES) & ~backslashes | (eight - SPACES) | eight)
                    & HIGH_BITS;
        }

        /** 2 for an escape of two bytes, else 0. */
        private static int shortEscape(byte[] bytes, int at, int end) {
            if (at == end) {
                return 0;
            }
            return switch (bytes[at]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
                default -> 0;
            };
        }
    }
}
