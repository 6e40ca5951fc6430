/**
 * The command line in the gateway's own jar: {@link io.omniroute.app.cli.Cli}. A command opens a small context with Redis and
 * the catalog only, beside a running gateway or without one.
 */
@NullMarked
package io.omniroute.app.cli;

import org.jspecify.annotations.NullMarked;
