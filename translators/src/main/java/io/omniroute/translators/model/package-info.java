/**
 * The canonical model that formats meet in: the events of an answer, its usage and its end.
 * <p>Must not know any wire format.
 */
@NullMarked
package io.omniroute.translators.model;

import org.jspecify.annotations.NullMarked;
