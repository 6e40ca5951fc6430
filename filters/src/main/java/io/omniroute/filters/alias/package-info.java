/**
 * {@code ModelAlias} makes what a name resolves to the call's combo.
 */
@NullMarked
package io.omniroute.filters.alias;

import org.jspecify.annotations.NullMarked;
