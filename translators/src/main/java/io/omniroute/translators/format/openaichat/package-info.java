/**
 * The format of OpenAI's Chat Completions and Embeddings: {@link io.omniroute.translators.format.openaichat.OpenAiChatFormat}.
 * <p>Everything else in this package is reached through it.
 */
@NullMarked
package io.omniroute.translators.format.openaichat;

import org.jspecify.annotations.NullMarked;
