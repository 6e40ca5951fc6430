package io.omniroute.bench;

import io.omniroute.app.GatewayApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * What {@code bench/load.sh} measures, each a process of its own: {@code upstream} (a canned provider), {@code plain} (Spring
 * Cloud Gateway with one route), {@code gateway} (the whole chain) and {@code large} (the same with a large catalog).
 */
public final class Targets {

    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(20);
    private static final int EVENTS = 50;
    /** In a stream of the model "long", where a call's own cost does not count. */
    private static final int MANY_EVENTS = 500;

    private static final int PROVIDERS = 300;
    private static final int MODELS = 34;
    private static final int COMBOS = 1_000;
    private static final int TARGETS = 10;

    private Targets() {}

    /** Starts a target: its name, its port and, but for the upstream, the upstream's port. */
    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty(
                "reactor.netty.ioWorkerCount",
                Integer.toString(Runtime.getRuntime().availableProcessors()));
        switch (arguments[0]) {
            case "upstream" -> upstream(Integer.parseInt(arguments[1]));
            case "plain" -> plain(arguments[1], arguments[2]);
            case "gateway" -> gateway(arguments[1], arguments[2], List.of());
            case "large" -> gateway(arguments[1], arguments[2], largeCatalog());
            default -> throw new IllegalArgumentException("expected upstream, plain, gateway or large");
        }
    }

    private static void upstream(int port) throws InterruptedException {
        HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .route(routes -> routes.post("/v1/chat/completions", Targets::answer)
                        .post(
                                "/failing/chat/completions",
                                (request, response) -> request.receive()
                                        .then(response.status(500)
                                                .sendString(Mono.just("{\"error\":{\"message\":\"no\"}}"))
                                                .then())))
                .bindNow();
        Thread.currentThread().join();
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asByteArray().flatMap(body -> {
            // at the beginning as a client writes it, at the end as a translation does
            int looked = Math.min(body.length, 200);
            String ends = new String(body, 0, looked, StandardCharsets.UTF_8)
                    + new String(body, body.length - looked, looked, StandardCharsets.UTF_8);
            boolean stream = ends.contains("\"stream\":true");
            if (!stream) {
                byte[] answer = whole();
                response.header("Content-Type", "application/json")
                        .header("Content-Length", Integer.toString(answer.length));
                return response.sendByteArray(Mono.just(answer)).then();
            }
            response.header("Content-Type", "text/event-stream");
            int count = ends.contains("long\",") ? MANY_EVENTS : EVENTS;
            Flux<String> events = Flux.interval(BETWEEN_EVENTS).take(count).map(i -> event(" word", "null"));
            Flux<String> all = Flux.concat(events, Mono.just(event("", "\"stop\"")), Mono.just("data: [DONE]\n\n"));
            return response.sendString(all, StandardCharsets.UTF_8).then();
        });
    }

    private static byte[] whole() {
        return ("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + "word ".repeat(160)
                        + "\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":160,\"total_tokens\":169}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String event(String text, String finish) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static void plain(String port, String upstream) {
        String route = "--spring.cloud.gateway.server.webflux.routes[0].";
        SpringApplication.run(
                Plain.class,
                "--spring.config.name=plain",
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--spring.cloud.gateway.server.webflux.route-filter-cache-enabled=true",
                "--spring.cloud.gateway.server.webflux.httpclient.pool.type=fixed",
                "--spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=5000",
                route + "id=one",
                route + "uri=http://127.0.0.1:" + upstream,
                route + "predicates[0]=Path=/**");
    }

    private static void gateway(String port, String upstream, List<String> further) {
        List<String> settings = new ArrayList<>(List.of(
                "--PORT=" + port,
                "--omniroute.local.sandbox-port=0",
                "--omniroute.local.sandbox-control-port=0",
                "--omniroute.providers.sandbox.base-url=http://127.0.0.1:" + upstream + "/v1",
                "--omniroute.providers.sandbox.formats=openai-chat",
                "--omniroute.providers.sandbox.connections.main.api-key=bench",
                "--omniroute.providers.sandbox.models.chat.operations=chat",
                "--omniroute.providers.failing.base-url=http://127.0.0.1:" + upstream + "/failing",
                "--omniroute.providers.failing.formats=openai-chat",
                "--omniroute.providers.failing.connections.main.api-key=bench",
                "--omniroute.combos.failover.targets=failing/chat,sandbox/chat",
                "--omniroute.breakers.enabled=false",
                "--omniroute.limits.calls-per-key=10000",
                "--omniroute.limits.streams-per-key=10000",
                "--spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=5000",
                "--omniroute.teams.bench.models=*",
                // the SHA-256 of "bench"
                "--omniroute.teams.bench.keys.k.hash=sha256:" + System.getProperty("bench.hash")));
        settings.addAll(further);
        GatewayApplication.main(settings.toArray(String[]::new));
    }

    /** 300 providers with 34 models each, and 1,000 combos of ten of them, in a file beside the other settings. */
    private static List<String> largeCatalog() {
        StringBuilder yaml = new StringBuilder("omniroute:\n  providers:\n");
        for (int provider = 0; provider < PROVIDERS; provider++) {
            yaml.append(
                    "    p%d: { base-url: 'http://127.0.0.1:9/v1', formats: [openai-chat], connections: { main: { api-key: k } }, models: { "
                            .formatted(provider));
            for (int model = 0; model < MODELS; model++) {
                yaml.append(model == 0 ? "" : ", ").append("m").append(model).append(": { operations: [chat] }");
            }
            yaml.append(" } }\n");
        }
        yaml.append("  combos:\n");
        for (int combo = 0; combo < COMBOS; combo++) {
            yaml.append("    c").append(combo).append(": { targets: [");
            for (int target = 0; target < TARGETS; target++) {
                yaml.append(target == 0 ? "" : ", ")
                        .append("p")
                        .append((combo + target) % PROVIDERS)
                        .append("/m")
                        .append(target);
            }
            yaml.append("] }\n");
        }
        try {
            Path file = Files.createTempFile("large-catalog", ".yml");
            file.toFile().deleteOnExit();
            Files.writeString(file, yaml);
            return List.of("--spring.config.additional-location=file:" + file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A gateway without anything of ours. */
    @SpringBootConfiguration
    @EnableAutoConfiguration(
            excludeName = {
                "io.omniroute.admin.AdminAutoConfiguration",
                "io.omniroute.app.local.LocalAutoConfiguration",
                "io.omniroute.app.check.CheckAutoConfiguration",
                "io.omniroute.filters.autoconfigure.FiltersAutoConfiguration",
                "io.omniroute.filters.autoconfigure.HealthAutoConfiguration",
                "io.omniroute.predicates.PredicatesAutoConfiguration",
                "io.omniroute.redis.RedisConfigAutoConfiguration",
                "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                "org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration"
            })
    static class Plain {}
}
