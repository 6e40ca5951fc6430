package io.omniroute.translators.format;

import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * How much was written of a schema whose references are written out: what refers to the same again and again grows without end.
 * A schema, a value and 32 characters are one each. Not thread-safe.
 */
final class SchemaSize {

    private static final int LARGEST = 10_000;
    private static final int ALL = 100_000;
    private static final int CHARACTERS = 32;

    private final AtomicInteger all;
    private int size;

    /** @param all of the other schemas of the same request, too */
    SchemaSize(AtomicInteger all) {
        this.all = all;
    }

    /** Whether there is room for another schema, which is counted. */
    boolean hasRoom() {
        add(1);
        return size <= LARGEST && all.get() <= ALL;
    }

    /** Counts what is written as it is. */
    void add(JsonNode value) {
        if (value.isString()) {
            add(1 + value.stringValue().length() / CHARACTERS);
            return;
        }
        add(1);
        value.forEach(this::add);
    }

    private void add(int more) {
        size += more;
        all.addAndGet(more);
    }
}
