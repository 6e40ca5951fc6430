/**
 * What is asked: {@link io.omniroute.filters.call.Call}, read by {@code DecodeRequest} from the body, once and bounded. And who hears what
 * becomes of it, attempt by attempt and at its end.
 */
@NullMarked
package io.omniroute.filters.call;

import org.jspecify.annotations.NullMarked;
