package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.RedisServers;
import io.omniroute.config.ApiKey;
import io.omniroute.redis.RedisGuard;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Redis that is there, and answers with an error to some of what it is asked: it is full, read-only, or its user has few rights. */
@ExtendWith(SandboxExtension.class)
class RefusedCommandsTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CALLS = 200;

    /** Who may change nothing can still read, and nobody waits for what is refused. */
    @ParameterizedTest
    @CsvSource({"OOM", "READONLY"})
    void isReadAllTheSameAndItsReasonIsTold(String reason, Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false);
                Gateway gateway = Gateway.start(sandbox, "REDIS_URL=" + redis.url() + """

                        omniroute.combos.turns.targets=a/chat,b/chat
                        omniroute.combos.turns.strategy=round-robin
                        """)) {
            String key = gateway.key();
            String manage = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
            assertThat(gateway.get("/actuator/health", manage).statusCode()).isEqualTo(200);

            redis.askFirst(server -> refuseWrites(server, reason));

            Eventually.until(
                    "health says so",
                    PATIENCE,
                    () -> gateway.get("/actuator/health", manage).body().contains("\"refuses\":{\"" + reason + "\""));
            for (int i = 0; i < CALLS; i++) {
                assertThat(gateway.chat(key, "turns", false).statusCode()).isEqualTo(200);
                assertThat(gateway.bean(RedisGuard.class).letsThrough()).isTrue();
            }
            assertThat(gateway.get("/actuator/health", "").statusCode()).isEqualTo(503);
            assertThat(gateway.get("/readyz", "").statusCode()).isEqualTo(200);
            JavaProcess doctor = doctor(redis, sandbox);
            assertThat(doctor.awaitEnd()).as(doctor.output()).isEqualTo(1);
            assertThat(doctor.output().lines())
                    .contains("  ok Redis answers", "  ok Redis runs scripts")
                    .anyMatch(line -> line.startsWith("FAIL Redis takes writes - no: " + reason));

            redis.askFirst(RefusedCommandsTests::takeWrites);

            Eventually.until(
                    "it is healthy again",
                    PATIENCE,
                    () -> gateway.get("/actuator/health", "").statusCode() == 200);
        }
    }

    /** The rules that the page gives are enough, and the log of refused commands stays empty. */
    @Test
    void needsNoMoreRightsThanItsPageSays(Sandbox sandbox) throws IOException {
        Matcher rules =
                Pattern.compile("`(~omniroute:.*?)`").matcher(Files.readString(Path.of("../docs/redis-keys.md")));
        assertThat(rules.find()).isTrue();
        try (RedisServers redis = RedisServers.withUser(rules.group(1));
                Gateway gateway = Gateway.start(sandbox, "REDIS_URL=" + redis.url() + """

                        omniroute.combos.turns.targets=a/chat,b/chat
                        omniroute.combos.turns.strategy=round-robin
                        omniroute.cooldowns.enabled=true
                        omniroute.breakers.enabled=true
                        omniroute.providers.c.connections.main.rpm=1000
                        omniroute.providers.c.connections.main.max-concurrent=5
                        """)) {
            String key = gateway.key();
            for (String model : List.of("turns", "a/chat", "c/words-3", "b/429", "b/503")) {
                gateway.chat(key, model, false);
            }
            String manage = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
            assertThat(gateway.get("/actuator/health", manage).statusCode()).isEqualTo(200);
            JavaProcess doctor = doctor(redis, sandbox);
            assertThat(doctor.awaitEnd()).as(doctor.output()).isZero();
            List<?> denied = redis.askFirst(server -> server.aclLog());
            assertThat(denied).isEmpty();
        }
    }

    /** A key whose secret nobody has seen is not left behind, nor is one refused because others cannot be told of it at once. */
    @Test
    void makesKeysWhereItMayTellNobody(Sandbox sandbox) {
        String silent = "~omniroute:* resetchannels -@all +@read +@write +@scripting +@connection +time";
        try (RedisServers redis = RedisServers.withUser(silent);
                Gateway gateway = Gateway.start(sandbox, "REDIS_URL=" + redis.url())) {
            JavaProcess made = command(redis, sandbox, "keys", "create", "--team", "search", "--models", "*");
            assertThat(made.awaitEnd()).as(made.output()).isZero();
            String key = made.output().lines().reduce((one, other) -> other).orElseThrow();
            Eventually.until(
                    "it is known",
                    PATIENCE,
                    () -> gateway.chat(key, "a/chat", false).statusCode() == 200);
            assertThat(gateway.get("/actuator/health", "").statusCode()).isEqualTo(200);
            JavaProcess doctor = doctor(redis, sandbox);
            assertThat(doctor.awaitEnd()).as(doctor.output()).isEqualTo(1);
            assertThat(doctor.output().lines())
                    .contains("  ok Redis takes writes", "  ok Redis runs scripts")
                    .anyMatch(line -> line.startsWith("FAIL Redis takes messages - no: NOPERM"))
                    .anyMatch(line -> line.startsWith("FAIL Redis gives messages - no: NOPERM"));
        }
    }

    private static String refuseWrites(RedisCommands<String, String> server, String reason) {
        return reason.equals("OOM") ? server.configSet("maxmemory", "1") : server.replicaof("127.0.0.1", 1);
    }

    private static String takeWrites(RedisCommands<String, String> server) {
        server.replicaofNoOne();
        return server.configSet("maxmemory", "0");
    }

    private static JavaProcess doctor(RedisServers redis, Sandbox sandbox) {
        return command(redis, sandbox, "doctor");
    }

    private static JavaProcess command(RedisServers redis, Sandbox sandbox, String... command) {
        return JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of(
                        "SPRING_PROFILES_ACTIVE",
                        "test",
                        "REDIS_URL",
                        redis.url(),
                        "OMNIROUTE_PROVIDERS_A_BASEURL",
                        sandbox.baseUrl(),
                        "OMNIROUTE_PROVIDERS_A_FORMATS",
                        "openai-chat"),
                command);
    }
}
