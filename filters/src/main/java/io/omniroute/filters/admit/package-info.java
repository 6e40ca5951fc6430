/**
 * {@code AdmitCall} and {@code AdmitStream}: as many calls at a time as there may be, and none any more when the gateway is about to end.
 */
@NullMarked
package io.omniroute.filters.admit;

import org.jspecify.annotations.NullMarked;
