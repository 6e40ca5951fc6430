/**
 * API keys that were created at run time: {@link io.omniroute.redis.apikey.ApiKeyStore} keeps their records in Redis,
 * {@link io.omniroute.redis.apikey.ApiKeys} is the local copy that calls are checked against.
 */
@NullMarked
package io.omniroute.redis.apikey;

import org.jspecify.annotations.NullMarked;
