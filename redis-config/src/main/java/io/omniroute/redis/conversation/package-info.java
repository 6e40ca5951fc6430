/** Answers that are kept for a while, so that a later request can refer to them instead of sending them again. */
@NullMarked
package io.omniroute.redis.conversation;

import org.jspecify.annotations.NullMarked;
