/**
 * What is asked: {@link io.omniroute.filters.call.Call}, read by {@code DecodeRequest} from the body, once and bounded.
 */
@NullMarked
package io.omniroute.filters.call;

import org.jspecify.annotations.NullMarked;
