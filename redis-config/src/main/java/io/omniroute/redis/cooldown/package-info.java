/**
 * What rests after failures: accounts that are over their limits, models that are out of quota. Shared by all instances.
 * <p>Must not know HTTP, or why something failed.
 */
@NullMarked
package io.omniroute.redis.cooldown;

import org.jspecify.annotations.NullMarked;
