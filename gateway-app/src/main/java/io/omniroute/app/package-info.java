/** Puts the modules together: the main class, the YAML, the local default and the command line. No policy. */
@NullMarked
package io.omniroute.app;

import org.jspecify.annotations.NullMarked;
