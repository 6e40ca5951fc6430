package io.omniroute.app.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test whose methods take the run's shared {@link Gateway} and its sandbox as parameters. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({GatewayExtension.class, io.omniroute.sandbox.junit.SandboxExtension.class})
public @interface GatewayTest {}
