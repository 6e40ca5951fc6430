/**
 * What is remembered, in Redis, shared by all instances. {@link io.omniroute.redis.RedisKeys} is the one place where a key
 * is spelled; each store has a package of its own with verbs as methods.
 */
@NullMarked
package io.omniroute.redis;

import org.jspecify.annotations.NullMarked;
