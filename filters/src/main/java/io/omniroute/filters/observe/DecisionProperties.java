package io.omniroute.filters.observe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The records of how calls were decided.
 *
 * @param keep for how long; 0 for not at all
 */
@ConfigurationProperties("omniroute.decisions")
public record DecisionProperties(@DefaultValue("1h") Duration keep) {}
