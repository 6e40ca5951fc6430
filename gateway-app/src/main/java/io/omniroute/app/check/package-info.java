/** Finds everything that is wrong with the configuration, before anything is started. */
@NullMarked
package io.omniroute.app.check;

import org.jspecify.annotations.NullMarked;
