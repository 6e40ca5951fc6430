/**
 * {@code ListModels} answers the list of models with exactly what the caller may call.
 */
@NullMarked
package io.omniroute.filters.models;

import org.jspecify.annotations.NullMarked;
