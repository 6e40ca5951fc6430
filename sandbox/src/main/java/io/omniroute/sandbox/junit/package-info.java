/** The sandbox for JUnit tests: {@link io.omniroute.sandbox.junit.SandboxExtension}. */
@NullMarked
package io.omniroute.sandbox.junit;

import org.jspecify.annotations.NullMarked;
