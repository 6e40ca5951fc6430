/** Requests that refer to earlier answers: those answers are kept for a while, and written out again. */
@NullMarked
package io.omniroute.filters.conversation;

import org.jspecify.annotations.NullMarked;
