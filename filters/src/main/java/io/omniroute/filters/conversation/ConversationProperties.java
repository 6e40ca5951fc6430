package io.omniroute.filters.conversation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Answers that later requests may refer to.
 *
 * @param keep for how long they are kept where the client does not say {@code "store": false}; zero keeps none
 * @param turn how large what was asked and answered in one turn may be, to be kept
 */
@ConfigurationProperties("omniroute.conversations")
public record ConversationProperties(
        @DefaultValue("1h") Duration keep,
        @DefaultValue("256KB") DataSize turn) {}
