/**
 * Editing JSON without re-serialising it: {@link io.omniroute.translators.json.Splice} over the bytes that a client sent.
 */
@NullMarked
package io.omniroute.translators.json;

import org.jspecify.annotations.NullMarked;
