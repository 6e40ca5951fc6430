/**
 * What is configured: the immutable {@link io.omniroute.config.Catalog} of providers, models, combos, aliases and teams,
 * and what names in it mean.
 *
 * <p>{@link io.omniroute.config.CatalogProperties} is the YAML baseline; {@link io.omniroute.config.CatalogSource} gives
 * the catalog of the moment. Must not know a wire format.
 */
@NullMarked
package io.omniroute.config;

import org.jspecify.annotations.NullMarked;
