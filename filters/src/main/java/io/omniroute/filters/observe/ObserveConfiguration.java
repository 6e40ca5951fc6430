package io.omniroute.filters.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.call.Ledger;
import io.omniroute.redis.routing.RoutingStore;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** What is told of calls: to the log, to the meters, to whoever asks how they were decided, and what they cost. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DecisionProperties.class)
public class ObserveConfiguration {

    @Bean
    NotesOfAttempts notesOfAttempts(ObjectProvider<ProviderStates> states) {
        return new NotesOfAttempts(states);
    }

    @Bean
    Decisions decisions(
            RoutingStore store, DecisionProperties settings, JsonMapper json, KnownFacts facts, InstantSource clock) {
        return new Decisions(store, settings, json, facts, clock);
    }

    @Bean
    CallRecorder callRecorder(ObjectProvider<MeterRegistry> meters, NotesOfAttempts notes, Decisions decisions) {
        return new CallRecorder(meters.getIfAvailable(CompositeMeterRegistry::new), notes, decisions, version());
    }

    @Bean
    ObserveCallFilter observeCallFilter(CallRecorder recorder, Drain drain) {
        return new ObserveCallFilter(recorder, drain, version());
    }

    @Bean
    @ConditionalOnMissingBean
    Ledger ledger(MeterRegistry meters) {
        return new TokenLedger(meters);
    }

    private static String version() {
        String version = ObserveConfiguration.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
