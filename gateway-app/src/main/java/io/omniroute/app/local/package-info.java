/**
 * What makes the gateway run without any set-up, in the default profile only: an embedded Redis, the sandbox, and on the
 * first start two keys.
 */
@NullMarked
package io.omniroute.app.local;

import org.jspecify.annotations.NullMarked;
