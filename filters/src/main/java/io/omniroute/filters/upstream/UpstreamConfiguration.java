package io.omniroute.filters.upstream;

import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Deadlines;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.RunTimeProxies;
import io.omniroute.filters.Timers;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.conversation.SignatureMemory;
import io.omniroute.filters.shape.ShapingProperties;
import io.omniroute.redis.DeploymentSecret;
import io.omniroute.translators.json.JsonLimits;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;

/** The stages of an attempt: what a provider is sent, and what becomes of its answer. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({UpstreamProperties.class, StreamProperties.class})
public class UpstreamConfiguration {

    @Bean
    SealedCarriers sealedCarriers(DeploymentSecret secret) {
        return new SealedCarriers(secret);
    }

    @Bean
    TranslateRequestFilter translateRequestFilter(
            SealedCarriers carriers,
            KnownFacts known,
            SignatureMemory memory,
            JsonLimits json,
            ShapingProperties shaping) {
        return new TranslateRequestFilter(carriers, known, memory, json, shaping.compression());
    }

    @Bean
    HttpClientCustomizer upstreamConnections(
            CatalogProperties written, UpstreamProperties settings, ObjectProvider<CatalogSource> catalog) {
        boolean tls = written.providers().values().stream()
                .map(provider -> String.valueOf(provider.baseUrl()))
                .anyMatch(url -> url.startsWith("https:"));
        return new UpstreamConnections(usual(written).connect(), tls, settings, catalog::getObject);
    }

    private static Deadlines usual(CatalogProperties catalog) {
        return Deadlines.DEFAULT.with(catalog.deadlines());
    }

    @Bean
    AuthorizeUpstreamFilter authorizeUpstreamFilter() {
        return new AuthorizeUpstreamFilter();
    }

    @Bean
    TranslateResponseFilter translateResponseFilter(
            LimitsProperties limits,
            BodyMemory memory,
            JsonLimits json,
            InstantSource clock,
            Drain drain,
            Timers timers,
            UpstreamProperties upstream,
            StreamProperties streams) {
        return new TranslateResponseFilter(
                new StreamedAnswers(limits, json, streams, timers, memory),
                new WholeAnswers(limits, json, memory),
                limits.errorBody(),
                clock,
                drain,
                timers,
                upstream.continuations());
    }

    @Bean
    RunTimeProxies runTimeProxies(UpstreamProperties settings) {
        return new ListedProxies(settings.runTimeProxies());
    }

    @Bean
    CallUpstreamFilter callUpstreamFilter(
            HttpClient client,
            CatalogProperties written,
            UpstreamProperties settings,
            ObjectProvider<CatalogSource> catalog) {
        UpstreamProxy proxies = new UpstreamProxy(settings, catalog::getObject);
        return new CallUpstreamFilter(new UpstreamClients(client, usual(written).connect(), proxies));
    }
}
