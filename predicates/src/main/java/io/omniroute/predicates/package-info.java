/**
 * Route predicates for any Spring Cloud Gateway application: {@code ApiFormat} says what a request's method and path mean,
 * {@code RequestedModel} what model its body asks for. Must not know the stages.
 */
@NullMarked
package io.omniroute.predicates;

import org.jspecify.annotations.NullMarked;
