package io.omniroute.filters.admit;

import io.omniroute.filters.call.LimitsProperties;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who is let in, and until when. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DrainProperties.class)
public class AdmitConfiguration {

    @Bean
    Concurrency callConcurrency(LimitsProperties limits) {
        return new Concurrency("calls", limits.calls(), limits.callsPerKey());
    }

    @Bean
    Concurrency streamConcurrency(LimitsProperties limits) {
        return new Concurrency("streams", limits.streams(), limits.streamsPerKey());
    }

    @Bean
    Drain drain(ApplicationContext context, @Qualifier("callConcurrency") Concurrency calls, DrainProperties settings) {
        return new Drain(context, calls, settings);
    }

    @Bean
    AdmitCallFilter admitCallFilter(@Qualifier("callConcurrency") Concurrency calls) {
        return new AdmitCallFilter(calls);
    }

    @Bean
    AdmitStreamFilter admitStreamFilter(@Qualifier("streamConcurrency") Concurrency streams) {
        return new AdmitStreamFilter(streams);
    }
}
