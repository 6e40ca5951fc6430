package io.omniroute.translators.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * How deep JSON may nest, for requests and answers alike; the size in bytes is bounded where bytes are collected.
 * Immutable and safe to share; holds the parser factory that enforces it.
 */
public final class JsonLimits {

    /** The shipped bound: 128 levels. */
    public static final JsonLimits DEFAULT = new JsonLimits(128);

    private static final int LONGEST_NUMBER = 1_000;
    private static final int LONGEST_NAME = 50_000;

    private final int depth;
    private final JsonFactory factory;

    public JsonLimits(int depth) {
        this.depth = depth;
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxNameLength(LONGEST_NAME)
                        .build())
                .build();
    }

    /** The deepest nesting that is accepted. */
    public int depth() {
        return depth;
    }

    /** A factory of parsers that refuse what is deeper. */
    public JsonFactory factory() {
        return factory;
    }
}
