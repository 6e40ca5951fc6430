/**
 * Google's Gemini API.
 * <p>Must not know any other format.
 */
@NullMarked
package io.omniroute.translators.format.gemini;

import org.jspecify.annotations.NullMarked;
