/**
 * OpenAI's Responses.
 * <p>Must not know any other format.
 */
@NullMarked
package io.omniroute.translators.format.openairesponses;

import org.jspecify.annotations.NullMarked;
