package io.omniroute.filters.admit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway ends.
 *
 * @param announce how long it goes on as before once readiness is down, so that load balancers can see it
 * @param time how long running calls may take after that
 */
@ConfigurationProperties("omniroute.drain")
public record DrainProperties(
        @DefaultValue("0s") Duration announce,
        @DefaultValue("30s") Duration time) {}
