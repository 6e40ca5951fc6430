/**
 * The stages of a call, as gateway filters. Start at {@link io.omniroute.filters.Stage}, which is the order of everything.
 *
 * <p>Each stage has a package. What one stage leaves for the next is on the exchange, one attribute per type
 * ({@link io.omniroute.filters.ExchangeAttributes}).
 *
 * <p>This package knows none of those below it. They know each other one way only: {@code call} knows no stage, {@code attempt} neither who
 * chooses nor who sends, {@code upstream} nothing of {@code combo}, which sends to it, and {@code autoconfigure} knows them all.
 */
@NullMarked
package io.omniroute.filters;

import org.jspecify.annotations.NullMarked;
