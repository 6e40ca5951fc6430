/**
 * The stages of a call, as gateway filters. Start at {@link io.omniroute.filters.Stage}, which is the order of everything.
 *
 * <p>Each stage has a package. What one stage leaves for the next is on the exchange, one attribute per type
 * ({@link io.omniroute.filters.ExchangeAttributes}).
 */
@NullMarked
package io.omniroute.filters;

import org.jspecify.annotations.NullMarked;
