/** The stages put together, in any Spring Cloud Gateway application that has this module. Nothing else knows them all. */
@NullMarked
package io.omniroute.filters.autoconfigure;

import org.jspecify.annotations.NullMarked;
