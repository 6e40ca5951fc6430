package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RedisServers;
import io.omniroute.app.support.TestCertificate;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis in every arrangement that a URL can name: keys are made, known to another instance and revoked there. */
@ExtendWith(SandboxExtension.class)
class RedisServersTests {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    static List<Named<Supplier<RedisServers>>> arrangements() {
        return List.of(
                Named.of("standalone with TLS", () -> RedisServers.standalone(true)),
                Named.of("sentinel", () -> RedisServers.sentinel(false)),
                Named.of("sentinel with TLS", () -> RedisServers.sentinel(true)),
                Named.of("cluster", () -> RedisServers.cluster(false)),
                Named.of("cluster with TLS", () -> RedisServers.cluster(true)));
    }

    static List<Named<Supplier<RedisServers>>> arrangementsWithReplicas() {
        return List.of(
                Named.of("sentinel", () -> RedisServers.sentinel(false)),
                Named.of("cluster", RedisServers::clusterWithReplica));
    }

    @ParameterizedTest
    @MethodSource("arrangements")
    void sharesKeysAndTheirRevocation(Supplier<RedisServers> arrangement, Sandbox sandbox) {
        try (RedisServers redis = arrangement.get();
                Gateway one = Gateway.start(sandbox, settings(redis, true));
                Gateway two = Gateway.start(sandbox, settings(redis, true))) {
            String key = one.key();
            assertThat(one.chat(key, "a/chat", false).statusCode()).isEqualTo(200);
            assertThat(two.chat(key, "a/chat", false).statusCode()).isEqualTo(200);

            two.bean(ApiKeyStore.class).revoke(KeyHash.ofKey(key)).block(PATIENCE);

            Eventually.until(
                    "the revocation is known",
                    Duration.ofSeconds(5),
                    () -> one.chat(key, "a/chat", false).statusCode() == 401);
        }
    }

    /** What sentinels ask for is not always what the servers ask for. */
    @ParameterizedTest
    @ValueSource(strings = {"other", ""})
    void asksSentinelsWithTheirOwnPassword(String password, Sandbox sandbox) {
        try (RedisServers redis = RedisServers.sentinel(false, password);
                Gateway gateway = Gateway.start(
                        sandbox, settings(redis, false) + "spring.data.redis.sentinel.password=" + password)) {
            assertThat(gateway.chat(gateway.key(), "a/chat", false).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void goesOnWithTheReplicaThatASentinelPromotes(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.sentinel(false);
                Gateway gateway = Gateway.start(sandbox, settings(redis, false))) {
            String before = gateway.key();

            redis.killFirst();

            Eventually.until("a key can be made on the new master", PATIENCE, () -> made(gateway));
            assertThat(gateway.chat(before, "a/chat", false).statusCode()).isEqualTo(200);
        }
    }

    /** The connections to it stay open for good. */
    @ParameterizedTest
    @MethodSource("arrangementsWithReplicas")
    void leavesAServerThatStandsStill(Supplier<RedisServers> arrangement, Sandbox sandbox) {
        try (RedisServers redis = arrangement.get();
                Gateway gateway = Gateway.start(sandbox, settings(redis, false))) {
            String before = gateway.key();

            redis.freezeFirst();

            Eventually.until("a key can be made on the new master", PATIENCE, () -> made(gateway));
            assertThat(gateway.chat(before, "a/chat", false).statusCode()).isEqualTo(200);
        }
    }

    /** While Redis stands still, a call takes one deadline for each time that it waits for it. */
    @ParameterizedTest
    @CsvSource({"priority,0", "latency,0", "cache-optimized,0", "round-robin,1"})
    void isWaitedForNoMoreOftenThanTurnsAreTaken(String strategy, int trips, Sandbox sandbox) {
        Duration deadline = Duration.ofSeconds(2);
        try (RedisServers redis = RedisServers.standalone(false);
                Gateway gateway = Gateway.start(sandbox, settings(redis, false) + """
                        omniroute.redis.deadline=2s
                        omniroute.combos.asked.targets=a/chat,b/chat
                        omniroute.combos.asked.strategy=%s
                        """.formatted(strategy))) {
            String key = gateway.key();
            for (int i = 0; i < 10; i++) {
                assertThat(gateway.chat(key, "asked", false).statusCode()).isEqualTo(200);
            }
            redis.freezeFirst();
            while (gateway.bean(ApiKeys.class).age().compareTo(Duration.ofMillis(500)) > 0) {
                // the copy of the keys is fresh for a second, and this machine may be slow
                redis.thawFirst();
                Eventually.until(
                        "the copy of the keys is fresh",
                        PATIENCE,
                        () -> gateway.bean(ApiKeys.class).age().toMillis() < 100);
                redis.freezeFirst();
            }
            long began = System.nanoTime();
            HttpResponse<String> answer = gateway.chat(key, "asked", false);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(took).isBetween(deadline.multipliedBy(trips), deadline.multipliedBy(trips + 1L));
        }
    }

    @Test
    void refusesAServerThatTheBundleDoesNotTrust(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(true);
                Gateway gateway = Gateway.start(sandbox, settings(redis, false))) {
            assertThatThrownBy(gateway::key).hasMessageContaining("Unable to connect");
        }
    }

    @Test
    void startsWithoutRedisAndServesAsSoonAsItIsThere(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false)) {
            redis.killFirst();
            try (Gateway gateway = Gateway.start(sandbox, settings(redis, false))) {
                String stranger = KeySecret.generate(new SecureRandom());
                HttpResponse<String> refused = gateway.chat(stranger, "a/chat", false);
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();

                redis.startFirst();

                Eventually.until("a key can be made", PATIENCE, () -> made(gateway));
                assertThat(gateway.chat(stranger, "a/chat", false).statusCode()).isEqualTo(401);
            }
        }
    }

    private static boolean made(Gateway gateway) {
        try {
            return gateway.chat(gateway.key(), "a/chat", false).statusCode() == 200;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    private static String settings(RedisServers redis, boolean trusting) {
        String settings = "REDIS_URL=" + redis.url() + "\n";
        return trusting && redis.url().startsWith("rediss")
                ? settings + """
                        omniroute.redis.ssl-bundle=redis
                        spring.ssl.bundle.pem.redis.truststore.certificate=file:%s
                        """.formatted(TestCertificate.get().pem())
                : settings;
    }
}
