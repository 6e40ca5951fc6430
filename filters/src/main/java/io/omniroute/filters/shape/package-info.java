/** {@code ShapeCall}: what becomes of a call before anybody decides on it. Every policy is off unless it is asked for. */
@NullMarked
package io.omniroute.filters.shape;

import org.jspecify.annotations.NullMarked;
