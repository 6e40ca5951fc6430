package io.omniroute.admin;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.omniroute.config.CatalogProperties.ConnectionProperties;
import io.omniroute.config.Connection;
import io.omniroute.config.Pace;
import io.omniroute.config.ProxyUrl;
import io.omniroute.config.RunTimeProxies;
import io.omniroute.config.Secret;
import io.omniroute.config.UpstreamAuth;
import io.omniroute.redis.connection.Connections;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Accounts at providers: listed without their secrets, added, changed and removed while the gateway runs. */
@RestController
class ProviderConnections {

    private static final Connection USUAL = new Connection(
            "",
            new UpstreamAuth.None(),
            true,
            0,
            1,
            new Pace(0, Duration.ZERO, 0, 20, Duration.ofSeconds(15)),
            Set.of(),
            Optional.empty());

    /** What {@link #shown} has beside what can be written. */
    private static final Set<String> SHOWN =
            Set.of("source", "credential_refused", "tried_again_in_seconds", "has_credential", "proxy_refused");

    private final Connections connections;
    private final RunTimeProxies proxies;

    ProviderConnections(Connections connections, RunTimeProxies proxies) {
        this.connections = connections;
        this.proxies = proxies;
    }

    /**
     * An account as it is written; everything but the provider and the name may be missing.
     *
     * @param provider whose account it is
     * @param name what it is called there
     * @param apiKey the credential
     * @param header that the credential goes in; an empty one for the format's own
     * @param minGap in milliseconds
     * @param queueTime in milliseconds
     * @param unknown what is written beside these
     */
    record Written(
            @Nullable String provider,
            @Nullable String name,
            @JsonAlias("api_key") @Nullable String apiKey,
            @Nullable String header,
            @Nullable Boolean enabled,
            @Nullable Integer priority,
            @Nullable Integer weight,
            @Nullable Integer rpm,
            @JsonAlias("min_gap_ms") @Nullable Long minGap,
            @JsonAlias("max_concurrent") @Nullable Integer maxConcurrent,
            @Nullable Integer queue,
            @JsonAlias("queue_time_ms") @Nullable Long queueTime,
            @Nullable String proxy,
            @Nullable Set<String> tags,
            @JsonAnySetter @Nullable Map<String, Object> unknown) {

        /** A new account. */
        ConnectionProperties properties() {
            return properties(USUAL);
        }

        /** One that exists: what is missing stays. */
        ConnectionProperties properties(Connection before) {
            Pace pace = before.pace();
            return new ConnectionProperties(
                    key(before),
                    header(before),
                    or(enabled, before.enabled()),
                    or(priority, before.priority()),
                    or(weight, before.weight()),
                    or(rpm, pace.rpm()),
                    minGap == null ? pace.gap() : Duration.ofMillis(minGap),
                    or(maxConcurrent, pace.concurrent()),
                    or(queue, pace.queue()),
                    queueTime == null ? pace.queueTime() : Duration.ofMillis(queueTime),
                    proxy(before),
                    or(tags, before.tags()));
        }

        /** Names that mean nothing; what is shown of an account, and is not for writing, may come back. */
        Set<String> misspelled() {
            Set<String> names = new TreeSet<>(unknown == null ? Set.of() : unknown.keySet());
            names.removeAll(SHOWN);
            return names;
        }

        private @Nullable String key(Connection before) {
            return apiKey != null
                    ? apiKey
                    : switch (before.auth()) {
                        case UpstreamAuth.None none -> null;
                        case UpstreamAuth.FormatDefault usual ->
                            usual.credential().value();
                        case UpstreamAuth.Header named -> named.credential().value();
                    };
        }

        private @Nullable String header(Connection before) {
            if (header == null) {
                return before.auth() instanceof UpstreamAuth.Header named ? named.name() : null;
            }
            return header.isEmpty() ? null : header;
        }

        /** An empty one takes it away; the one that is shown, which has no password, leaves it as it is. */
        private @Nullable String proxy(Connection before) {
            boolean same = proxy != null
                    && before.proxy()
                            .filter(known ->
                                    ProxyUrl.of(known.value()).toString().equals(proxy))
                            .isPresent();
            if (proxy == null || same) {
                return before.proxy().map(Secret::value).orElse(null);
            }
            return proxy.isEmpty() ? null : proxy;
        }

        private static <T> T or(@Nullable T written, T absent) {
            return written == null ? absent : written;
        }

        @Override
        public String toString() {
            return provider + "/" + name;
        }
    }

    /** All accounts. */
    @GetMapping(path = "/api/providers", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> list() {
        return connections
                .list()
                // names of proxies are looked up
                .publishOn(Schedulers.boundedElastic())
                .map(all -> ResponseEntity.ok((Object)
                        Map.of("connections", all.stream().map(this::shown).toList())))
                .onErrorReturn(away());
    }

    /** Adds an account. */
    @PostMapping(path = "/api/providers", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> add(@RequestBody Written written) {
        String provider = written.provider();
        String name = written.name();
        if (provider == null || name == null) {
            return Mono.just(error(400, "VALID_001", "'provider' and 'name' are required"));
        }
        if (!written.misspelled().isEmpty()) {
            return misspelled(written);
        }
        return answered(
                allowed(written).then(connections.add(provider, name, written.properties())), 201, provider, name);
    }

    /** Changes an account that was added: what is written of it, and nothing else. */
    @PutMapping(path = "/api/providers/{provider}/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> change(
            @PathVariable String provider, @PathVariable String name, @RequestBody Written written) {
        if (!written.misspelled().isEmpty()) {
            return misspelled(written);
        }
        return answered(
                allowed(written).then(connections.change(provider, name, written::properties)), 200, provider, name);
    }

    /** Turns an account on that was added, or one whose credential was refused, wherever it comes from. */
    @PostMapping(path = "/api/providers/{provider}/{name}/enable", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> enable(@PathVariable String provider, @PathVariable String name) {
        return answered(connections.enable(provider, name, true), 200, provider, name);
    }

    /** Removes an account that was added. */
    @DeleteMapping(path = "/api/providers/{provider}/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> remove(@PathVariable String provider, @PathVariable String name) {
        return answered(connections.remove(provider, name), 200, provider, name);
    }

    /** Fails where the account is given a proxy that it may not have. */
    private Mono<Void> allowed(Written written) {
        String proxy = written.proxy();
        if (proxy == null || proxy.isEmpty()) {
            return Mono.empty();
        }
        // its name is looked up, by a thread that may wait
        return Mono.fromCallable(() -> ProxyUrl.isOne(proxy) ? proxies.refusal(proxy) : Optional.<String>empty())
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(refusal -> refusal.isEmpty()
                        ? Mono.<Void>empty()
                        : Mono.error(new IllegalArgumentException(refusal.get())));
    }

    private static Mono<ResponseEntity<Object>> misspelled(Written written) {
        return Mono.just(
                error(
                        400,
                        "VALID_001",
                        "nothing is called " + String.join(", ", written.misspelled())
                                + " (expected apiKey, header, enabled, priority, weight, rpm, minGap, maxConcurrent, queue, queueTime, proxy, tags)"));
    }

    private static Mono<ResponseEntity<Object>> answered(Mono<Void> done, int status, String provider, String name) {
        return done.thenReturn(ResponseEntity.status(status).body((Object) Map.of("provider", provider, "name", name)))
                .onErrorResume(
                        IllegalArgumentException.class,
                        wrong -> Mono.just(error(400, "VALID_002", String.valueOf(wrong.getMessage()))))
                .onErrorResume(
                        IllegalStateException.class,
                        wrong -> Mono.just(error(409, "AUTH_006", String.valueOf(wrong.getMessage()))))
                .onErrorReturn(away());
    }

    private Map<String, Object> shown(Connections.Listed listed) {
        Connection connection = listed.connection();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("provider", listed.provider());
        shown.put("name", connection.id());
        shown.put("source", listed.source().name().toLowerCase(Locale.ROOT));
        shown.put("enabled", connection.enabled());
        if (!listed.refused().isZero()) {
            shown.put("credential_refused", true);
            shown.put("tried_again_in_seconds", listed.refused().toSeconds());
        }
        shown.put("priority", connection.priority());
        shown.put("weight", connection.weight());
        shown.put("tags", new TreeSet<>(connection.tags()));
        shown.put("has_credential", !(connection.auth() instanceof UpstreamAuth.None));
        connection.proxy().map(Secret::value).ifPresent(proxy -> {
            shown.put("proxy", ProxyUrl.of(proxy).toString());
            if (listed.source() == Connections.Source.ADDED) {
                proxies.refusal(proxy).ifPresent(why -> shown.put("proxy_refused", why));
            }
        });
        shown.put("rpm", connection.pace().rpm());
        shown.put("min_gap_ms", connection.pace().gap().toMillis());
        shown.put("max_concurrent", connection.pace().concurrent());
        shown.put("queue", connection.pace().queue());
        shown.put("queue_time_ms", connection.pace().queueTime().toMillis());
        return shown;
    }

    private static ResponseEntity<Object> away() {
        return error(503, "INTERNAL_003", "the gateway's store is away");
    }

    private static ResponseEntity<Object> error(int status, String code, String message) {
        return ResponseEntity.status(status).body(Map.of("error", Map.of("code", code, "message", message)));
    }
}
