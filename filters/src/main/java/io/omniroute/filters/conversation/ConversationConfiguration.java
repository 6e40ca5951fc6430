package io.omniroute.filters.conversation;

import io.omniroute.filters.call.BodyMemory;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.translators.json.JsonLimits;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is kept of answers, so that later requests can refer to them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConversationProperties.class)
public class ConversationConfiguration {

    @Bean
    RecallFilter recallFilter(
            ConversationStore store,
            ConversationProperties settings,
            LimitsProperties limits,
            BodyMemory memory,
            JsonLimits json) {
        return new RecallFilter(store, settings, limits, memory, json);
    }

    @Bean
    SignatureMemory signatureMemory(ConversationStore store, ConversationProperties settings) {
        return new SignatureMemory(store, settings);
    }
}
