package io.omniroute.filters.upstream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Streams to clients.
 *
 * @param heartbeat after how long without an event a translated stream gets one that says nothing, so that nobody on the way takes
 *     it for dead; 0 for never
 */
@ConfigurationProperties("omniroute.streams")
public record StreamProperties(@DefaultValue("15s") Duration heartbeat) {}
