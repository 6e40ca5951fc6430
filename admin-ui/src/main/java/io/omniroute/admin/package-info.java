/**
 * The management side: who may see what below {@code /api} and {@code /actuator}, the JSON 404 of {@code /api}, and
 * {@code /healthz}. A page and its endpoint change in one folder.
 */
@NullMarked
package io.omniroute.admin;

import org.jspecify.annotations.NullMarked;
