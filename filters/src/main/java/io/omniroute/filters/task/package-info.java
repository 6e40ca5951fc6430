/** What calls are about, and how good models are at that. */
@NullMarked
package io.omniroute.filters.task;

import org.jspecify.annotations.NullMarked;
