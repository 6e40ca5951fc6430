/** Secrets that are kept in Redis: sealed with a key that is not there. */
@NullMarked
package io.omniroute.redis.secret;

import org.jspecify.annotations.NullMarked;
