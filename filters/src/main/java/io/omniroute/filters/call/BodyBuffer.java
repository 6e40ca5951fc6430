package io.omniroute.filters.call;

import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;

/**
 * Collects a body of which at least one byte has arrived. What a short body announces is taken at its word, so that it is
 * copied once; beyond that the buffer grows with what arrives. All of it is the body's share of the memory.
 */
final class BodyBuffer {

    private static final int MOST_AT_ONCE = 64 * 1024;
    private static final int LEAST = 4 * 1024;

    private final BodyMemory.Share share;
    private final long announced;
    private byte[] bytes = new byte[0];
    private int size;

    /** @param announced the length that the head says, or -1 */
    BodyBuffer(BodyMemory.Share share, long announced) {
        this.share = share;
        this.announced = announced;
    }

    int size() {
        return size;
    }

    /** Takes what is readable of a buffer, or throws OVERLOADED where the memory of all bodies is used up. */
    void add(DataBuffer part) {
        int count = part.readableByteCount();
        if (size + count > bytes.length) {
            grow(size + count);
        }
        part.read(bytes, size, count);
        size += count;
    }

    /** What was collected; the buffer must not be used afterwards. */
    byte[] take() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void grow(int needed) {
        int capacity = bytes.length == 0
                ? Math.max(needed, (int) Math.min(MOST_AT_ONCE, announced >= 0 ? announced : LEAST))
                : Math.max(needed, bytes.length + (bytes.length >> 1));
        share.take(capacity - bytes.length);
        bytes = Arrays.copyOf(bytes, capacity);
    }
}
