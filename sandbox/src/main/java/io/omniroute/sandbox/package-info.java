/**
 * A simulated provider for development and tests: {@link io.omniroute.sandbox.Sandbox} answers believably, refuses what the
 * vendor refuses, misbehaves when asked to ({@link io.omniroute.sandbox.Behaviour}) and keeps books of all it was sent.
 */
@NullMarked
package io.omniroute.sandbox;

import org.jspecify.annotations.NullMarked;
