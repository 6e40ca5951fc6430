/** Benchmarks: JMH for the decode path, and the targets that {@code bench/load.sh} puts side by side. */
@NullMarked
package io.omniroute.bench;

import org.jspecify.annotations.NullMarked;
