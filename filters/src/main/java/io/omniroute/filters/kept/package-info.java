/** What providers keep for a team, such as files and containers: who was handed it out, and where it is. */
@NullMarked
package io.omniroute.filters.kept;

import org.jspecify.annotations.NullMarked;
