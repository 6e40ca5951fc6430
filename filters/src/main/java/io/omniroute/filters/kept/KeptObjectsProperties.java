package io.omniroute.filters.kept;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What providers keep.
 *
 * @param keep for how long it is remembered, from its last use on, which team was handed it out; zero remembers nothing
 */
@ConfigurationProperties("omniroute.provider-objects")
public record KeptObjectsProperties(@DefaultValue("30d") Duration keep) {}
