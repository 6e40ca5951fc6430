package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Providers that fail are left alone by all instances, and tried again by one call. */
@ExtendWith(SandboxExtension.class)
class BreakerTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FAILURES = 4;
    private static final String COUNTED =
            "{\"model\":\"counting/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}";

    @Test
    void opensAndClosesOnAllInstances(Sandbox sandbox) throws Exception {
        try (Gateway one = start(sandbox, "shared");
                Gateway two = start(sandbox, "shared")) {
            String key = one.key();
            fail(sandbox, "shared", FAILURES, "500");
            for (int i = 0; i < FAILURES; i++) {
                assertThat(provider(one, key)).isEqualTo("a");
            }
            Eventually.until("the other instance knows", Duration.ofMillis(2_000), () -> isOpen(two, "shared"));
            assertThat(attempts(two, key)).as("no detour").isZero();
            assertThat(calls(sandbox, "shared")).isEqualTo(FAILURES);
            // the try takes a while, and while it lasts nobody else tries
            sandbox.script("sandbox-shared", "slow-4s");
            Eventually.until("its time is over", PATIENCE, () -> !isOpen(one, "shared") && !isOpen(two, "shared"));
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 20; i++) {
                    Gateway gateway = i % 2 == 0 ? one : two;
                    clients.submit(() -> provider(gateway, key));
                }
            }
            assertThat(calls(sandbox, "shared")).as("one try of all").isEqualTo(FAILURES + 1L);
            Eventually.until(
                    "both call it again",
                    PATIENCE,
                    () -> provider(one, key).equals("shared")
                            && provider(two, key).equals("shared"));
        }
    }

    /** Whether the provider works again is not known to an instance that starts behind the time, either. */
    @Test
    void triesOnceAfterARestart(Sandbox sandbox) {
        String key;
        try (Gateway first = start(sandbox, "restarted")) {
            key = first.key();
            fail(sandbox, "restarted", FAILURES, "500");
            for (int i = 0; i < FAILURES; i++) {
                provider(first, key);
            }
            Eventually.until("its time is over", PATIENCE, () -> !isOpen(first, "restarted"));
        }
        try (Gateway second = start(sandbox, "restarted")) {
            sandbox.script("sandbox-restarted", "slow-2s");
            String manage = second.key(List.of("*"), Set.of(), Set.of("manage"), null);
            Eventually.until(
                    "what has rested is known",
                    PATIENCE,
                    () -> second.get("/actuator/health", manage).body().contains("half-open"));
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 10; i++) {
                    clients.submit(() -> provider(second, key));
                }
            }
            assertThat(calls(sandbox, "restarted")).isEqualTo(FAILURES + 1L);
            assertThat(provider(second, key)).isEqualTo("restarted");
        }
    }

    @Test
    void staysOpenForLongerWhenTheTryFails(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "worse")) {
            String key = gateway.key();
            fail(sandbox, "worse", FAILURES + 1, "502-html");
            for (int i = 0; i < FAILURES; i++) {
                provider(gateway, key);
            }
            Eventually.until("its time is over", PATIENCE, () -> !isOpen(gateway, "worse"));
            assertThat(provider(gateway, key)).isEqualTo("a");
            assertThat(left(gateway, "worse")).isGreaterThan(Duration.ofMillis(3_200));
            Eventually.until(
                    "it works again", PATIENCE, () -> provider(gateway, key).equals("worse"));
        }
    }

    /** Limits, credentials, one overloaded model and the request's own mistakes say nothing of the provider, and a stream's end comes too late to. */
    @ParameterizedTest
    @ValueSource(strings = {"429", "401", "404", "400", "context", "529", "late-error", "cut-words-40"})
    void staysClosed(String failure, Sandbox sandbox) {
        String id = "closed-" + failure;
        try (Gateway gateway = start(sandbox, id)) {
            String key = gateway.key();
            fail(sandbox, id, 2 * FAILURES, failure);
            for (int i = 0; i < 2 * FAILURES; i++) {
                gateway.chat(key, "pair", true);
            }
            assertThat(isOpen(gateway, id)).isFalse();
            assertThat(calls(sandbox, id)).isEqualTo(2L * FAILURES);
        }
    }

    /** A combo that waits for less than others says nothing of the provider. */
    @Test
    void countsNoDeadlinesOfACombosOwn(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "hurried")) {
            String key = gateway.key();
            fail(sandbox, "hurried", 2 * FAILURES, "hang");
            for (int i = 0; i < 2 * FAILURES; i++) {
                assertThat(gateway.chat(key, "impatient", false).statusCode()).isEqualTo(200);
            }
            assertThat(isOpen(gateway, "hurried")).isFalse();
            assertThat(calls(sandbox, "hurried")).isEqualTo(2L * FAILURES);
        }
    }

    @Test
    void countsNoClientsThatLeave(Sandbox sandbox) throws IOException {
        try (Gateway gateway = start(sandbox, "left")) {
            String key = gateway.key();
            fail(sandbox, "left", 2 * FAILURES, "hang");
            for (int i = 0; i < 2 * FAILURES; i++) {
                var calling = java.net.http.HttpClient.newHttpClient()
                        .sendAsync(
                                gateway.request("/v1/chat/completions", key)
                                        .header("content-type", "application/json")
                                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                                                Gateway.chatBody("pair", false)))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                long so = i + 1L;
                Eventually.until("the provider is called", PATIENCE, () -> calls(sandbox, "left") >= so);
                calling.cancel(true);
            }
            assertThat(isOpen(gateway, "left")).isFalse();
            assertThat(provider(gateway, key)).isEqualTo("left");
        }
    }

    @Test
    void triesAProviderThatNothingElseCanReplace(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "only")) {
            String key = gateway.key();
            fail(sandbox, "only", FAILURES, "500");
            for (int i = 0; i < FAILURES; i++) {
                assertThat(gateway.chat(key, "only/chat", false).statusCode()).isEqualTo(502);
            }
            assertThat(isOpen(gateway, "only")).isTrue();
            sandbox.script("sandbox-only", "401");
            HttpResponse<String> refused = gateway.chat(key, "only/chat", false);
            assertThat(refused.headers().firstValue("x-omniroute-provider-breaker"))
                    .hasValue("open");
            assertThat(gateway.chat(key, "only/chat", false).statusCode()).isEqualTo(200);
        }
    }

    /** A call that nothing else could answer goes out beside the one try of all instances, but the breaker hears only that one. */
    @Test
    void hearsOnlyTheOneTryWhereNothingElseIsLeft(Sandbox sandbox) {
        try (Gateway one = start(sandbox, "lone");
                Gateway two = start(sandbox, "lone")) {
            String key = one.key();
            fail(sandbox, "lone", FAILURES, "500");
            for (int i = 0; i < FAILURES; i++) {
                one.chat(key, "lone/chat", false);
            }
            Eventually.until("both know", PATIENCE, () -> isOpen(one, "lone") && isOpen(two, "lone"));
            sandbox.script("sandbox-lone", List.of("slow-8s", "500"));
            Eventually.until("its time is over", PATIENCE, () -> !isOpen(one, "lone") && !isOpen(two, "lone"));
            CompletableFuture<Integer> probe = CompletableFuture.supplyAsync(
                    () -> one.chat(key, "lone/chat", false).statusCode());
            Eventually.until("the one try runs", PATIENCE, () -> open(sandbox, "lone") == 1);
            assertThat(two.chat(key, "lone/chat", false).statusCode()).isEqualTo(502);
            assertThat(isOpen(two, "lone") || isOpen(one, "lone"))
                    .as("the other call counts for nothing")
                    .isFalse();
            assertThat(probe).succeedsWithin(PATIENCE).isEqualTo(200);
        }
    }

    /** A client that leaves, and an instance that dies, do not keep the others from trying. */
    @Test
    void givesTheTryToAnotherOneWhenItsOwnIsGone(Sandbox sandbox) {
        try (Gateway one = start(sandbox, "gone");
                Gateway two = start(sandbox, "gone")) {
            String key = one.key();
            fail(sandbox, "gone", FAILURES, "500");
            for (int i = 0; i < FAILURES; i++) {
                provider(one, key);
            }
            sandbox.script("sandbox-gone", "hang");
            Eventually.until("both know", PATIENCE, () -> isOpen(one, "gone") && isOpen(two, "gone"));
            Eventually.until("its time is over", PATIENCE, () -> !isOpen(one, "gone") && !isOpen(two, "gone"));
            var client = java.net.http.HttpClient.newHttpClient()
                    .sendAsync(
                            one.request("/v1/chat/completions", key)
                                    .header("content-type", "application/json")
                                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                                            Gateway.chatBody("pair", false)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            Eventually.until("the one try runs", PATIENCE, () -> open(sandbox, "gone") == 1);
            var redis = one.bean(ReactiveStringRedisTemplate.class);
            Duration begun = redis.getExpire(RedisKeys.probe("gone")).block(PATIENCE);
            AtomicReference<Duration> least = new AtomicReference<>(begun);
            Eventually.until("it is prolonged while it lasts", PATIENCE, () -> {
                Duration left = redis.getExpire(RedisKeys.probe("gone")).block(PATIENCE);
                least.accumulateAndGet(left, (a, b) -> a.compareTo(b) < 0 ? a : b);
                return left.compareTo(least.get().plusSeconds(1)) >= 0;
            });
            client.cancel(true);
            Eventually.until(
                    "it is given back",
                    Duration.ofSeconds(3),
                    () -> !redis.hasKey(RedisKeys.probe("gone")).block(PATIENCE));
            assertThat(two.bean(RoutingStore.class)
                            .mayProbe("gone", "of-an-instance-that-dies")
                            .block(PATIENCE))
                    .isTrue();
            assertThat(provider(two, key)).isEqualTo("a");
            Eventually.until(
                    "another one tries", PATIENCE, () -> provider(two, key).equals("gone"));
        }
    }

    /** The other instances hear of it a little later than the one whose try it was. */
    @Test
    void areNotTriedAgainBeforeAllKnowThatTheTryFailed(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "known")) {
            RoutingStore store = gateway.bean(RoutingStore.class);
            assertThat(store.mayProbe("late", "first").block(PATIENCE)).isTrue();
            store.probeFailed("late", "first", Duration.ofSeconds(2)).block(PATIENCE);
            assertThat(store.mayProbe("late", "second").block(PATIENCE)).isFalse();
            Eventually.until(
                    "all know", PATIENCE, () -> store.mayProbe("late", "second").block(PATIENCE));
        }
    }

    /** Counts of tokens work although no answer does. */
    @Test
    void hearsNothingOfCounts(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "counting")) {
            String key = gateway.key();
            for (int i = 0; i < FAILURES; i++) {
                sandbox.script("sandbox-counting", "500");
                gateway.post("/v1/messages", key, COUNTED.formatted(",\"max_tokens\":9"));
                HttpResponse<String> counted = gateway.post("/v1/messages/count_tokens", key, COUNTED.formatted(""));
                assertThat(counted.statusCode()).as(counted.body()).isEqualTo(200);
            }
            assertThat(isOpen(gateway, "counting")).isTrue();
        }
    }

    private static Gateway start(Sandbox sandbox, String id) {
        String provider = "omniroute.providers." + id + ".";
        return Gateway.start(sandbox, """
                omniroute.breakers.enabled=true
                omniroute.breakers.failures=%4$d
                omniroute.breakers.reset=3s
                omniroute.breakers.reset-even=1
                omniroute.combos.pair.targets=%1$s/chat,a/chat
                omniroute.combos.impatient.targets[0].model=%1$s/chat
                omniroute.combos.impatient.targets[0].deadlines.response-headers=50ms
                omniroute.combos.impatient.targets[1].model=a/chat
                %2$sbase-url=%3$s
                %2$sformats=openai-chat, anthropic-messages
                %2$sconnections.main.api-key=sandbox-%1$s
                """.formatted(id, provider, sandbox.baseUrl(), FAILURES));
    }

    private static void fail(Sandbox sandbox, String id, int times, String how) {
        sandbox.script("sandbox-" + id, Collections.nCopies(times, how));
    }

    private static String provider(Gateway gateway, String key) {
        HttpResponse<String> answer = gateway.chat(key, "pair", false);
        return answer.headers().firstValue("X-OmniRoute-Provider").orElse("none: " + answer.body());
    }

    private static int attempts(Gateway gateway, String key) {
        return Integer.parseInt(gateway.chat(key, "pair", false)
                .headers()
                .firstValue("X-OmniRoute-Fallback-Attempts")
                .orElse("0"));
    }

    private static int open(Sandbox sandbox, String id) {
        return sandbox.books("sandbox-" + id).open();
    }

    private static long calls(Sandbox sandbox, String id) {
        return sandbox.books("sandbox-" + id).calls();
    }

    private static boolean isOpen(Gateway gateway, String id) {
        return !left(gateway, id).isZero();
    }

    private static Duration left(Gateway gateway, String id) {
        return gateway.bean(Cooldowns.class).left("breaker:" + id);
    }
}
