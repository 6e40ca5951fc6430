/** Accounts at providers that were added at run time, and the catalog that has them. */
@NullMarked
package io.omniroute.redis.connection;

import org.jspecify.annotations.NullMarked;
