package io.omniroute.filters.combo;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Sessions that clients name.
 *
 * @param keep for how long after its last answer a session stays with the account that has answered it; 0 for not at all
 */
@ConfigurationProperties("omniroute.sessions")
public record SessionProperties(@DefaultValue("15m") Duration keep) {}
