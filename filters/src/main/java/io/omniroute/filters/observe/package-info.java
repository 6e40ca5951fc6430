/**
 * {@code ObserveCall}: ids, headers, metrics and the one log line of a call; and what an orchestrator asks.
 */
@NullMarked
package io.omniroute.filters.observe;

import org.jspecify.annotations.NullMarked;
