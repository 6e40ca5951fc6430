/**
 * What instances know together of targets: whose turn it is, who answered last, how often and how fast.
 * <p>Must not know how targets are chosen.
 */
@NullMarked
package io.omniroute.redis.routing;

import org.jspecify.annotations.NullMarked;
