/**
 * Server-sent events as bytes: {@link io.omniroute.translators.sse.SseParser} finds events, whatever the network split.
 */
@NullMarked
package io.omniroute.translators.sse;

import org.jspecify.annotations.NullMarked;
