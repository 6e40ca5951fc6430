/**
 * {@code RenderError} and its counterpart outside of the chain: every failure in the client's own format.
 */
@NullMarked
package io.omniroute.filters.error;

import org.jspecify.annotations.NullMarked;
