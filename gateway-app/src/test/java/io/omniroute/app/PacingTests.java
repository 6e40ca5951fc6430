package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.Pace;
import io.omniroute.filters.combo.Pacing;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.pacing.PaceStore;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** The paces of accounts, which all instances keep together. */
@ExtendWith(SandboxExtension.class)
class PacingTests {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** However many instances call at the same time, no more run than may. */
    @Test
    void keepsCallsAtATimeOverAllInstances(Sandbox sandbox) {
        String settings = settings(sandbox, "together", "max-concurrent=2\nqueue=50\nqueue-time=20s");
        try (Gateway one = Gateway.start(sandbox, settings);
                Gateway two = Gateway.start(sandbox, settings)) {
            AtomicLong since = new AtomicLong(System.nanoTime());
            AtomicLong longest = new AtomicLong();
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            String key = one.key();
            Eventually.until(
                    "the other instance knows the key",
                    PATIENCE,
                    () -> two.get("/v1/models", key).statusCode() == 200);
            for (int i = 0; i < 12; i++) {
                calls.add(send(i % 2 == 0 ? one : two, key, "together/slow-200ms"));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
            Eventually.until("all have answered", Duration.ofSeconds(25), () -> {
                // a provider hears that its answer has been read a little later than the gateway reads it
                long now = System.nanoTime();
                if (sandbox.books("sandbox-together").open() <= 2) {
                    since.set(now);
                }
                longest.accumulateAndGet(now - since.get(), Math::max);
                return all.isDone();
            });
            calls.forEach(call ->
                    assertThat(call.join().statusCode()).as(call.join().body()).isEqualTo(200));
            assertThat(Duration.ofNanos(longest.get()))
                    .as("how long more than two ran")
                    .isLessThan(Duration.ofMillis(60));
            assertThat(sandbox.books("sandbox-together").calls()).isEqualTo(12);
        }
    }

    /** What a failed try held of its account is free again for the call's next try there, and for other calls. */
    @Test
    void holdsNothingAfterAFailure(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(
                sandbox,
                settings(sandbox, "again", "max-concurrent=1\nqueue=0")
                        + "omniroute.combos.twice.targets=again/chat\nomniroute.combos.twice.retries=2\n"
                        + "omniroute.combos.twice.retry-delay=1ms\n")) {
            String key = gateway.key();
            sandbox.script("sandbox-again", "500", "first-error", "500");
            assertThat(gateway.chat(key, "twice", true).statusCode()).isEqualTo(502);
            sandbox.script("sandbox-again", "500", "500");
            assertThat(gateway.chat(key, "twice", false).statusCode()).isEqualTo(200);
            sandbox.script("sandbox-again", "500");
            CompletableFuture<HttpResponse<String>> elsewhere = send(gateway, key, "pair");
            assertThat(elsewhere.join().headers().firstValue("X-OmniRoute-Provider"))
                    .hasValue("a");
            assertThat(gateway.chat(key, "again/chat", false).statusCode()).isEqualTo(200);
        }
    }

    /** Who has an answer, even one whose connection the provider keeps open, never meets its own call at the next one. */
    @Test
    void isFreeWhenTheAnswerIsThere(Sandbox sandbox) throws IOException {
        try (Gateway gateway = Gateway.start(sandbox, settings(sandbox, "alone", "max-concurrent=1\nqueue=0"))) {
            String key = gateway.key();
            for (int i = 0; i < 40; i++) {
                HttpResponse<String> answer = gateway.chat(key, "alone/chat", i % 2 == 0);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            HttpRequest lingers = gateway.request("/v1/chat/completions", key)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("alone/linger", true)))
                    .build();
            try (InputStream open = gateway.send(lingers, HttpResponse.BodyHandlers.ofInputStream())
                            .body();
                    BufferedReader lines = new BufferedReader(new InputStreamReader(open, StandardCharsets.UTF_8))) {
                assertThat(lines.lines()).anyMatch("data: [DONE]"::equals);
                HttpResponse<String> answer = gateway.chat(key, "alone/chat", false);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
    }

    /** A saturated account is not waited for as long as there is another target. */
    @Test
    void goesOnToTheNextRatherThanWait(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, settings(sandbox, "skipped", "max-concurrent=1"))) {
            String key = gateway.key();
            CompletableFuture<HttpResponse<String>> first = send(gateway, key, "skipped/slow-4s");
            Eventually.until(
                    "it runs", PATIENCE, () -> sandbox.books("sandbox-skipped").open() == 1);
            HttpResponse<String> other = gateway.chat(key, "pair", false);
            assertThat(other.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
            assertThat(other.headers().firstValue("X-OmniRoute-Fallback-Attempts"))
                    .as("nothing has failed")
                    .isEmpty();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(gateway.chat(key, "pair", false).headers().firstValue("X-OmniRoute-Provider"))
                    .hasValue("skipped");
        }
    }

    /** Calls that must wait do not all wait for the account that was looked at last. */
    @Test
    void waitsForWhateverIsFreeSoonest(Sandbox sandbox) {
        String settings = settings(sandbox, "spread", "max-concurrent=2\nqueue=20\nqueue-time=20s")
                + "omniroute.providers.spread.connections.other.api-key=sandbox-spread-other\n"
                + "omniroute.providers.spread.connections.other.priority=1\n"
                + "omniroute.providers.spread.connections.other.max-concurrent=2\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String key = gateway.key();
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(send(gateway, key, "spread/slow-500ms"));
            }
            calls.forEach(call ->
                    assertThat(call.join().statusCode()).as(call.join().body()).isEqualTo(200));
            assertThat(sandbox.books("sandbox-spread").calls()).isBetween(3L, 9L);
            assertThat(sandbox.books("sandbox-spread-other").calls()).isBetween(3L, 9L);
        }
    }

    /** What nothing else can answer is said at once when the queue is full, and never charged to the provider. */
    @Test
    void refusesWhenTheQueueIsFull(Sandbox sandbox) {
        try (Gateway gateway =
                Gateway.start(sandbox, settings(sandbox, "full", "max-concurrent=1\nqueue=1\nqueue-time=60s"))) {
            String key = gateway.key();
            CompletableFuture<HttpResponse<String>> runs = send(gateway, key, "full/slow-4s");
            Eventually.until(
                    "it runs", PATIENCE, () -> sandbox.books("sandbox-full").open() == 1);
            CompletableFuture<HttpResponse<String>> waits = send(gateway, key, "full/chat");
            Pacing pacing = gateway.bean(Pacing.class);
            Eventually.until("the next one waits", PATIENCE, () -> pacing.waiting("full@main") == 1);
            HttpResponse<String> refused = gateway.chat(key, "full/chat", false);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("saturated");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(runs.join().statusCode()).isEqualTo(200);
            assertThat(waits.join().statusCode()).isEqualTo(200);
            assertThat(pacing.waiting("full@main")).isZero();
        }
    }

    /** Who is refused because others wait is told how long those wait. */
    @Test
    void saysWhenItIsWorthComingBack(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, settings(sandbox, "rare", "rpm=6\nqueue=1\nqueue-time=20s"))) {
            String key = gateway.key();
            assertThat(gateway.chat(key, "rare/chat", false).statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> waits = send(gateway, key, "rare/chat");
            Pacing pacing = gateway.bean(Pacing.class);
            Eventually.until("the next one waits", PATIENCE, () -> pacing.waiting("rare@main") == 1);
            HttpResponse<String> refused = gateway.chat(key, "rare/chat", false);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(5L, 10L);
            waits.cancel(true);
            Eventually.until("nobody waits any more", PATIENCE, () -> pacing.waiting("rare@main") == 0);
        }
    }

    /** A call that comes when a place is free does not take it from those that wait for one. */
    @Test
    void servesWhoeverWaitsFirst(Sandbox sandbox) {
        try (Gateway gateway =
                Gateway.start(sandbox, settings(sandbox, "line", "max-concurrent=1\nqueue=20\nqueue-time=60s"))) {
            String key = gateway.key();
            CompletableFuture<HttpResponse<String>> runs = send(gateway, key, "line/slow-6s");
            Eventually.until(
                    "it runs", PATIENCE, () -> sandbox.books("sandbox-line").open() == 1);
            Pacing pacing = gateway.bean(Pacing.class);
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            List<Integer> order = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                CompletableFuture<HttpResponse<String>> next = send(gateway, key, "line/slow-50ms");
                waiting.add(next.whenComplete((answer, failure) -> order.add(number)));
                Eventually.until("it waits", PATIENCE, () -> pacing.waiting("line@main") == number + 1);
            }
            waiting.forEach(CompletableFuture::join);
            assertThat(runs.join().statusCode()).isEqualTo(200);
            assertThat(order).containsExactly(0, 1, 2, 3);
        }
    }

    /** Whoever gives a place back is the first to ask again, and yet the place is for the instance that has had none for longer. */
    @Test
    void givesPlacesToInstancesInTurn(Sandbox sandbox) {
        String settings = settings(sandbox, "turns", "max-concurrent=1\nqueue=50\nqueue-time=20s");
        try (Gateway one = Gateway.start(sandbox, settings);
                Gateway two = Gateway.start(sandbox, settings)) {
            String key = one.key();
            Eventually.until(
                    "the other instance knows the key",
                    PATIENCE,
                    () -> two.get("/v1/models", key).statusCode() == 200);
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(send(one, key, "turns/slow-200ms"));
            }
            Pacing pacing = one.bean(Pacing.class);
            Eventually.until("they wait", PATIENCE, () -> pacing.waiting("turns@main") >= 15);
            assertThat(two.chat(key, "turns/chat", false).statusCode()).isEqualTo(200);
            assertThat(pacing.waiting("turns@main"))
                    .as("those that came first still wait")
                    .isGreaterThan(5);
            calls.forEach(call -> assertThat(call.join().statusCode()).isEqualTo(200));
        }
    }

    @Test
    void givesItsPlaceBackWhenTheClientLeaves(Sandbox sandbox) {
        try (Gateway gateway =
                Gateway.start(sandbox, settings(sandbox, "leaves", "max-concurrent=1\nqueue=5\nqueue-time=20s"))) {
            String key = gateway.key();
            Pacing pacing = gateway.bean(Pacing.class);
            CompletableFuture<HttpResponse<String>> runs = send(gateway, key, "leaves/hang");
            Eventually.until(
                    "it runs", PATIENCE, () -> sandbox.books("sandbox-leaves").open() == 1);
            CompletableFuture<HttpResponse<String>> waits = send(gateway, key, "leaves/chat");
            Eventually.until("the next one waits", PATIENCE, () -> pacing.waiting("leaves@main") == 1);
            waits.cancel(true);
            Eventually.until("it does not wait any more", PATIENCE, () -> pacing.waiting("leaves@main") == 0);
            runs.cancel(true);
            assertThat(gateway.chat(key, "leaves/chat", false).statusCode())
                    .as("the one that ran has left too")
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsAGapBetweenCalls(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, settings(sandbox, "gaps", "min-gap=300ms"))) {
            String key = gateway.key();
            long begun = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                assertThat(gateway.chat(key, "gaps/chat", false).statusCode()).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(890));
        }
    }

    /** No minute has more than may begin in it: a tenth at once, and the others evenly after them. */
    @ParameterizedTest
    @CsvSource({"600,60,112", "60,6,1112", "5,1,12001", "1,1,60001"})
    void spreadsCallsOverTheMinute(int rpm, int atOnce, long longestWait, Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox)) {
            PaceStore store =
                    new PaceStore(gateway.bean(ReactiveStringRedisTemplate.class), gateway.bean(RedisGuard.class));
            Pace pace = new Pace(rpm, Duration.ZERO, 0, 0, Duration.ZERO);
            int begun = 0;
            Duration wait = Duration.ZERO;
            long since = System.nanoTime();
            while (wait.isZero() && begun <= rpm) {
                wait = store.admit("minute@" + rpm, pace, "lease", LEASE, false).block(PATIENCE);
                begun += wait.isZero() ? 1 : 0;
            }
            // asking takes its time, in which more may begin
            long asking = Duration.ofNanos(System.nanoTime() - since).toMillis();
            assertThat(begun).isBetween(atOnce, atOnce + 1 + (int) (asking / pace.intervalMillis()));
            assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMillis(longestWait));
            // the first after a minute is the next minute's
            double inAMinute = atOnce - 1 + Math.floor((60_000 - 1) / pace.intervalMillis()) + 1;
            assertThat(inAMinute).isLessThanOrEqualTo(rpm);
        }
    }

    private static CompletableFuture<HttpResponse<String>> send(Gateway gateway, String key, String model) {
        return gateway.sendAsync(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody(model, false)))
                .build());
    }

    private static String settings(Sandbox sandbox, String id, String pace) {
        String connection = "omniroute.providers." + id + ".connections.main.";
        return """
                omniroute.combos.pair.targets=%1$s/chat,a/chat
                omniroute.providers.%1$s.base-url=%2$s
                omniroute.providers.%1$s.formats=openai-chat
                %3$sapi-key=sandbox-%1$s
                """.formatted(id, sandbox.baseUrl(), connection)
                + pace.lines().map(line -> connection + line + "\n").reduce("", String::concat);
    }
}
