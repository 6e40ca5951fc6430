/**
 * OpenAI's legacy Completions, spoken with clients only.
 * <p>Must not know any other format.
 */
@NullMarked
package io.omniroute.translators.format.openaicompletions;

import org.jspecify.annotations.NullMarked;
