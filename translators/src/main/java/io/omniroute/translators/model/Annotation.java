package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;

/**
 * Where a piece of an answer's text comes from.
 *
 * @param start the first code point of the part's text that it is about, or -1
 * @param end the code point after the last, or -1
 * @param quoted the source's own words, or {@code null}
 */
public record Annotation(
        String url,
        String title,
        int start,
        int end,
        @Nullable String quoted) {}
