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

    private static final long MOST_TOKENS = 500_000;
    private static final int MOST_TOOLS = 2_000;
    private static final int LONGEST_NUMBER = 1_000;
    private static final int LONGEST_NAME = 50_000;

    private final int depth;
    private final long tokens;
    private final int tools;
    private final JsonFactory factory;
    private final JsonFactory requests;

    public JsonLimits(int depth) {
        this(depth, MOST_TOKENS);
    }

    /** @param tokens how many a client's request may have: names, values, and where objects and lists begin and end */
    public JsonLimits(int depth, long tokens) {
        this(depth, tokens, MOST_TOOLS);
    }

    /**
     * @param tokens how many a client's request may have: names, values, and where objects and lists begin and end
     * @param tools how many of them a request may bring
     */
    public JsonLimits(int depth, long tokens, int tools) {
        this.tools = tools;
        this.depth = depth;
        this.tokens = tokens;
        this.factory = factory(depth, -1);
        this.requests = factory(depth, tokens);
    }

    private static JsonFactory factory(int depth, long tokens) {
        return new RequestJsonFactory(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxTokenCount(tokens)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxNameLength(LONGEST_NAME)
                        .build()));
    }

    /** How many tools a client's request may bring. */
    public int tools() {
        return tools;
    }

    /** How many tokens of JSON a client's request may have. */
    public long tokens() {
        return tokens;
    }

    /** A factory of parsers for clients' requests, whose parts may take many times their bytes when they are read. */
    public JsonFactory requests() {
        return requests;
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
