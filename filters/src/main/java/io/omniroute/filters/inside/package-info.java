/** Calls from inside: {@link io.omniroute.filters.inside.CallClient} sends them through the same chain as all others. */
@NullMarked
package io.omniroute.filters.inside;

import org.jspecify.annotations.NullMarked;
