/**
 * The API formats that the gateway speaks, and what they have in common: {@link io.omniroute.translators.format.ApiFormat}.
 * <p>A format knows its own paths, requests, answers, streams and errors; no format knows another one.
 */
@NullMarked
package io.omniroute.translators.format;

import org.jspecify.annotations.NullMarked;
