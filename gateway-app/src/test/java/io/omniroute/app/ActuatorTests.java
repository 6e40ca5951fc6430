package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.local.EmbeddedRedis;
import io.omniroute.app.support.Blocking;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.app.support.TestRedis;
import io.omniroute.config.ApiKey;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.HealthIndicator;
import reactor.netty.http.HttpResources;

/** What an orchestrator and an operator can ask, and who may. */
@GatewayTest
class ActuatorTests {

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness", "/healthz"})
    void tellsEverybodyThatItIsUpWithoutDetails(String path, Gateway gateway) {
        HttpResponse<String> answer = gateway.get(path, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .doesNotContain("components")
                .doesNotContain("redis")
                .containsIgnoringCase("status");
    }

    /** A browser that has lost its way is told where things are, in words that say nothing of the inside. */
    @Test
    void tellsBrowsersWhereNothingIs(Gateway gateway) {
        HttpResponse<String> page = gateway.send(gateway.request("/nothing", "")
                .header("Accept", "text/html")
                .GET()
                .build());
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.body()).contains("There is nothing here", "/v1").doesNotContain("Whitelabel");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/actuator/info", "/actuator/prometheus", "/actuator", "/actuator/metrics", "/actuator/gateway"})
    void keepsTheRestForTheManagementKey(String path, Gateway gateway) {
        assertThat(gateway.get(path, "").statusCode()).isEqualTo(401);
        assertThat(gateway.get(path, "nobody").statusCode()).isEqualTo(401);
        assertThat(gateway.get(path, gateway.key()).statusCode()).isEqualTo(403);
    }

    @Test
    void showsTheManagementKeyEverything(Gateway gateway) {
        String key = gateway.key();
        gateway.chat(key, "a/chat", false);
        gateway.chat(key, "b/503", false);
        String manage = management(gateway);
        String health = gateway.get("/actuator/health", manage).body();
        assertThat(health).contains("\"redis\"").contains("\"eventLoops\"").contains("\"stores\"");
        assertThat(health).contains("\"a\":{\"state\":\"up\"").contains("\"lastError\":\"overloaded\"");
        String info = gateway.get("/actuator/info", manage).body();
        assertThat(info).contains("\"version\"").contains("\"commit\"");
        String metrics = gateway.get("/actuator/prometheus", manage).body();
        assertThat(metrics).contains("omniroute_calls_seconds_count").contains("omniroute_tokens_total");
    }

    @ParameterizedTest
    @CsvSource({"/actuator/gateway", "/actuator/gateway/routes", "/actuator/env", "/actuator/heapdump"})
    void hasNothingDangerous(String path, Gateway gateway) {
        assertThat(gateway.get(path, management(gateway)).statusCode()).isEqualTo(404);
    }

    @Test
    void answersUnknownPathsBelowApiInJson(Gateway gateway) {
        HttpResponse<String> answer = gateway.get("/api/nothing", "");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).contains("NOT_FOUND");
    }

    @Test
    void needsTheKeyWhereverItIs(Sandbox sandbox) {
        try (Gateway moved = Gateway.start(sandbox, "management.endpoints.web.base-path=/manage")) {
            String manage = management(moved);
            for (String path : List.of("/manage", "/manage/prometheus", "/manage/info")) {
                assertThat(moved.get(path, "").statusCode()).as(path).isEqualTo(401);
                assertThat(moved.get(path, manage).statusCode()).as(path).isEqualTo(200);
            }
            for (String path : List.of("/manage/health", "/manage/health/liveness", "/livez", "/readyz")) {
                assertThat(moved.get(path, "").statusCode()).as(path).isEqualTo(200);
                assertThat(moved.get(path, "").body()).as(path).doesNotContain("components");
            }
        }
    }

    @Test
    void needsTheKeyOnAPortOfItsOwnToo(Sandbox sandbox) {
        try (Gateway apart = Gateway.start(sandbox, """
                management.server.port=0
                management.server.address=127.0.0.1
                """)) {
            String base =
                    "http://127.0.0.1:" + apart.context().getEnvironment().getRequiredProperty("local.management.port");
            assertThat(apart.send(HttpRequest.newBuilder(URI.create(base + "/actuator/prometheus"))
                                    .build())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(apart.send(HttpRequest.newBuilder(URI.create(base + "/actuator/prometheus"))
                                    .header("x-api-key", management(apart))
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(apart.get("/livez", "").statusCode()).isEqualTo(200);
            assertThat(apart.get("/readyz", "").statusCode()).isEqualTo(200);
            assertThat(apart.get("/actuator/prometheus", management(apart)).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void saysWhichMethodsAPathBelowApiHas(Gateway gateway) {
        HttpResponse<String> answer = gateway.send(
                gateway.request("/api/providers", management(gateway)).DELETE().build());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(answer.body()).contains("METHOD_NOT_ALLOWED");
    }

    @Test
    void saysWhichMethodsAPathOfTheActuatorHas(Gateway gateway) {
        HttpResponse<String> answer = gateway.send(gateway.request("/actuator/health", management(gateway))
                .DELETE()
                .build());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
    }

    @Test
    void takesAKeyInAnyHeaderAndOnlyOne(Gateway gateway) {
        String manage = management(gateway);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.base() + "/actuator/info"));
        assertThat(gateway.send(request.copy().header("x-goog-api-key", manage).build())
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.send(request.copy()
                                .header("x-api-key", manage)
                                .header("Authorization", "Bearer " + gateway.key())
                                .build())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void isDeadWhenAnEventLoopIsStuck(Gateway gateway) throws Exception {
        var loops = HttpResources.get().onServer(true).iterator();
        CountDownLatch release = new CountDownLatch(1);
        var stuck = loops.next();
        stuck.submit(() -> Blocking.await(release));
        try {
            Eventually.until(
                    "liveness is down",
                    Duration.ofSeconds(20),
                    () -> gateway.context()
                            .getBean("eventLoops", HealthIndicator.class)
                            .health()
                            .getStatus()
                            .getCode()
                            .equals("DOWN"));
            // the server's own loops are others: this is asked through the context, as the endpoint asks
            assertThat(gateway.context()
                            .getBean(HealthEndpoint.class)
                            .healthForPath("liveness")
                            .getStatus()
                            .getCode())
                    .isEqualTo("DOWN");
        } finally {
            release.countDown();
        }
        Eventually.until(
                "liveness is back",
                Duration.ofSeconds(10),
                () -> gateway.get("/actuator/health/liveness", "").statusCode() == 200);
    }

    @Test
    void isNotReadyWithoutRedisOnlyWhereAStoreRefuses(Sandbox sandbox) {
        for (String policy : List.of("allow", "refuse")) {
            EmbeddedRedis redis = EmbeddedRedis.open(TestRedis.temporaryFolder("readiness"));
            String url = "redis://:" + redis.address().password() + "@127.0.0.1:"
                    + redis.address().port();
            try (Gateway gateway = Gateway.start(sandbox, """
                    REDIS_URL=%s
                    omniroute.redis.api-keys.on-redis-failure=%s
                    omniroute.redis.api-keys.max-staleness=4s
                    """.formatted(url, policy))) {
                gateway.key();
                assertThat(gateway.get("/actuator/health/readiness", "").statusCode())
                        .isEqualTo(200);
                redis.close();
                int expected = policy.equals("allow") ? 200 : 503;
                Eventually.until(
                        "readiness with " + policy,
                        Duration.ofSeconds(5),
                        () -> !gateway.bean(ApiKeys.class).isFresh());
                assertThat(gateway.get("/actuator/health/readiness", "").statusCode())
                        .isEqualTo(expected);
                assertThat(gateway.get("/actuator/health/liveness", "").statusCode())
                        .isEqualTo(200);
                Eventually.until(
                        "no key is known any more",
                        Duration.ofSeconds(10),
                        () -> gateway.get("/actuator/health/readiness", "").statusCode() == 503);
            }
        }
    }

    private static String management(Gateway gateway) {
        return gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
    }
}
