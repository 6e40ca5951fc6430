/**
 * {@code Combo} tries the targets of the call's combo, each with an {@link io.omniroute.filters.attempt.AttemptExchange} of its own.
 */
@NullMarked
package io.omniroute.filters.combo;

import org.jspecify.annotations.NullMarked;
