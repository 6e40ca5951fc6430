/**
 * Anthropic's Messages.
 * <p>Must not know any other format.
 */
@NullMarked
package io.omniroute.translators.format.anthropic;

import org.jspecify.annotations.NullMarked;
