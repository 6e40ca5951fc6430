/**
 * How fast accounts are called, over all instances.
 * <p>Must not know who calls them, or what for.
 */
@NullMarked
package io.omniroute.redis.pacing;

import org.jspecify.annotations.NullMarked;
