/**
 * What can go wrong with a call, in the gateway's own words: {@link io.omniroute.translators.error.ApiError}.
 * <p>A format decodes a vendor's error into it and renders it in a client's shape. Nothing here knows HTTP headers of a
 * particular vendor, and nothing here ever holds a prompt or a secret.
 */
@NullMarked
package io.omniroute.translators.error;

import org.jspecify.annotations.NullMarked;
