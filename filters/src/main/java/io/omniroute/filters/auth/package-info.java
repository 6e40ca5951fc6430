/**
 * Who calls and what they may: {@code Authenticate} puts the {@link io.omniroute.filters.auth.Caller} on the exchange,
 * {@code AuthorizeModel} asks the catalog's one access decision.
 */
@NullMarked
package io.omniroute.filters.auth;

import org.jspecify.annotations.NullMarked;
