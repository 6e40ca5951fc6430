/**
 * Finds everything that is wrong with the settings below {@code omniroute}, before anything is started. Start at
 * {@link io.omniroute.filters.check.SettingsCheck}.
 */
@NullMarked
package io.omniroute.filters.check;

import org.jspecify.annotations.NullMarked;
