/**
 * The short tail of the pipeline that runs once per attempt: request out, credentials on, answer back.
 */
@NullMarked
package io.omniroute.filters.upstream;

import org.jspecify.annotations.NullMarked;
