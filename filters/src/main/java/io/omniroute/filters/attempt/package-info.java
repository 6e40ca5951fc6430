/**
 * One try of one target: what is tried ({@link io.omniroute.filters.attempt.Attempt}), and the exchange on which its stages do it. Those that
 * choose know no stage, and the stages do not know who has chosen: both meet here.
 */
@NullMarked
package io.omniroute.filters.attempt;

import org.jspecify.annotations.NullMarked;
