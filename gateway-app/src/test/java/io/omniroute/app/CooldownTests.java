package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RedisServers;
import io.omniroute.config.ApiKey;
import io.omniroute.config.CatalogProperties.ConnectionProperties;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.connection.Connections;
import io.omniroute.redis.cooldown.Backoff;
import io.omniroute.redis.cooldown.Cooldown;
import io.omniroute.redis.cooldown.CooldownStore;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;

/** What rests after failures: for how long, on every instance, and what happens when nothing else is left. */
@ExtendWith(SandboxExtension.class)
class CooldownTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));
    private static final Backoff LONG = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(2));

    @Test
    void restsOnEveryInstanceWithinASecond(Sandbox sandbox) {
        try (Gateway one = start(sandbox, "shared");
                Gateway two = start(sandbox, "shared")) {
            String key = one.key();
            sandbox.script("sandbox-shared-main", "429-retry-60s");
            assertThat(provider(one.chat(key, "pair", false))).isEqualTo("a");
            Eventually.until(
                    "the other instance knows",
                    Duration.ofSeconds(3),
                    () -> !left(two, "shared@main").isZero());
            HttpResponse<String> elsewhere = two.chat(key, "pair", false);
            assertThat(provider(elsewhere)).isEqualTo("a");
            assertThat(elsewhere.headers().firstValue("X-OmniRoute-Fallback-Attempts"))
                    .isEmpty();
            assertThat(sandbox.books("sandbox-shared-main").calls()).isEqualTo(1);
        }
    }

    /** A model of one account is not dead because of its last failure, and an answer ends the rest everywhere. */
    @Test
    void triesOnceMoreWhenNothingElseIsLeft(Sandbox sandbox) {
        try (Gateway one = start(sandbox, "alone");
                Gateway two = start(sandbox, "alone")) {
            String key = one.key();
            sandbox.script("sandbox-alone-main", "429-retry-60s");
            assertThat(one.chat(key, "alone/chat", false).statusCode()).isEqualTo(429);
            Eventually.until(
                    "the other instance knows",
                    PATIENCE,
                    () -> !left(two, "alone@main").isZero());
            assertThat(two.chat(key, "alone/chat", false).statusCode()).isEqualTo(200);
            Eventually.until(
                    "the rest is over", PATIENCE, () -> left(one, "alone@main").isZero());
        }
    }

    /** A limit may be that of one model: the account's others are tried all the same, and the one that is limited rests. */
    @Test
    void goesOnToAnotherModelOfAnAccountOverItsLimit(Sandbox sandbox) {
        String settings =
                settings(sandbox, "models") + "omniroute.combos.models.targets=models/limited@main,models/other@main\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String key = gateway.key();
            sandbox.script("sandbox-models-main", "429-retry-60s");
            HttpResponse<String> first = gateway.chat(key, "models", false);
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(first.headers().firstValue("X-OmniRoute-Model")).hasValue("models/other");
            // what a call has learnt is noted when its answer has left
            Eventually.until(
                    "the account works",
                    PATIENCE,
                    () -> left(gateway, "models@main").isZero());
            assertThat(left(gateway, "models/limited@main")).isPositive();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> next = gateway.chat(key, "models", false);
                assertThat(next.headers().firstValue("X-OmniRoute-Model")).hasValue("models/other");
                assertThat(next.headers().firstValue("X-OmniRoute-Fallback-Attempts"))
                        .isEmpty();
            }
            assertThat(sandbox.books("sandbox-models-main").calls()).isEqualTo(5);
        }
    }

    /** As long as nobody knows better, and so also where the limit was met by a call for that model alone. */
    @Test
    void triesOtherModelsOfAnAccountThatRests(Sandbox sandbox) {
        String settings =
                settings(sandbox, "late") + "omniroute.combos.late.targets=late/limited@main,late/other@main\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String key = gateway.key();
            sandbox.script("sandbox-late-main", "429-retry-60s");
            assertThat(gateway.chat(key, "late/limited", false).statusCode()).isGreaterThan(400);
            Eventually.until(
                    "the account rests",
                    PATIENCE,
                    () -> left(gateway, "late@main").isPositive());
            HttpResponse<String> next = gateway.chat(key, "late", false);
            assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
            assertThat(next.headers().firstValue("X-OmniRoute-Model")).hasValue("late/other");
        }
    }

    /** What is not over with the time of its rest is not waited for, nor asked again and again. */
    @Test
    void waitsForNothingThatLasts(Sandbox sandbox) {
        String settings = settings(sandbox, "lasts")
                + "omniroute.patience.wait-for-cooldown=60s\nomniroute.patience.retries=3\nomniroute.patience.retry-delay=1ms\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String key = gateway.key();
            sandbox.script("sandbox-lasts-main", "404", "404", "404");
            assertThat(gateway.chat(key, "lasts/chat", false).statusCode()).isEqualTo(404);
            assertThat(gateway.chat(key, "lasts/chat", false).statusCode()).isEqualTo(404);
            assertThat(sandbox.books("sandbox-lasts-main").calls()).isEqualTo(2);
        }
    }

    /** What rests is tried all the same only where the call does not wait for it. */
    @Test
    void triesNothingThatRestsWhileItMayWait(Sandbox sandbox) {
        String settings = settings(sandbox, "patient")
                + "omniroute.combos.patient.targets=patient/one@main,patient/two@spare\n"
                + "omniroute.combos.patient.wait-for-cooldown=10s\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String key = gateway.key();
            sandbox.script("sandbox-patient-main", "429-retry-2s");
            sandbox.script("sandbox-patient-spare", "429-retry-2s");
            long begun = System.nanoTime();
            assertThat(gateway.chat(key, "patient", false).statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_500));
            assertThat(sandbox.books("sandbox-patient-main").calls()
                            + sandbox.books("sandbox-patient-spare").calls())
                    .as("each once, and one of them again")
                    .isEqualTo(3);
        }
    }

    /** Of what rests equally long, the first in the combo's order is the last resort. */
    @Test
    void triesTheFirstOfWhatRestsAlike(Sandbox sandbox) {
        String settings = settings(sandbox, "alike")
                + "omniroute.combos.alike.targets=alike/one@main,alike/two@main,alike/three@main\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String key = gateway.key();
            sandbox.script("sandbox-alike-main", "401");
            assertThat(gateway.chat(key, "alike", false).statusCode()).isEqualTo(502);
            HttpResponse<String> next = gateway.chat(key, "alike", false);
            assertThat(next.headers().firstValue("X-OmniRoute-Model")).hasValue("alike/one");
        }
    }

    /** What began before the failure says nothing of what came after it. */
    @Test
    void isNotEndedByAnOlderCall(Sandbox sandbox) throws Exception {
        try (Gateway gateway = start(sandbox, "older")) {
            String key = gateway.key();
            sandbox.script("sandbox-older-main", "slow-4s", "429-retry-60s");
            CompletableFuture<HttpResponse<String>> older =
                    CompletableFuture.supplyAsync(() -> gateway.chat(key, "older/chat", false));
            Eventually.until(
                    "the older call runs",
                    PATIENCE,
                    () -> sandbox.books("sandbox-older-main").open() == 1);
            assertThat(provider(gateway.chat(key, "pair", false))).isEqualTo("a");
            assertThat(left(gateway, "older@main")).isPositive();
            older.get();
            assertThat(left(gateway, "older@main")).isPositive();
        }
    }

    @Test
    void goesOnToTheNextAccountOfAProvider(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "many")) {
            String key = gateway.key();
            sandbox.script("sandbox-many-main", "401");
            assertThat(gateway.chat(key, "many/chat", false).statusCode()).isEqualTo(200);
            assertThat(gateway.chat(key, "many/chat", false).statusCode()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-many-main").calls()).isEqualTo(1);
            assertThat(sandbox.books("sandbox-many-spare").calls()).isEqualTo(2);
        }
    }

    /** Its credential is wrong until somebody says otherwise; the other account is not concerned. */
    @Test
    void disablesAnAccountWhoseCredentialIsRefused(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "refused")) {
            String key = gateway.key();
            Connections connections = gateway.bean(Connections.class);
            sandbox.script("sandbox-refused-main", "401");
            assertThat(gateway.chat(key, "refused/chat", false).statusCode()).isEqualTo(200);
            assertThat(refused(connections, "refused"))
                    .containsOnlyKeys("main")
                    .hasEntrySatisfying("main", left -> assertThat(left).isGreaterThan(Duration.ofMinutes(14)));
            gateway.chat(key, "refused/chat", false);
            assertThat(sandbox.books("sandbox-refused-main").calls()).isEqualTo(1);
            String manage = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
            assertThat(gateway.post("/api/providers/refused/main/enable", manage, "{}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(refused(connections, "refused")).isEmpty();
            Eventually.until("it is used again", PATIENCE, () -> {
                gateway.chat(key, "refused/chat", false);
                return sandbox.books("sandbox-refused-main").calls() > 1;
            });
        }
    }

    /** What has ended elsewhere ends here, too, although nobody has told it. */
    @Test
    void endsWithinASecondWhereThePushIsLost(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "silent")) {
            ReactiveStringRedisTemplate redis = gateway.bean(ReactiveStringRedisTemplate.class);
            store(gateway)
                    .cool("silent@main", new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1)), null, "why")
                    .block(PATIENCE);
            Eventually.until(
                    "it is known", PATIENCE, () -> left(gateway, "silent@main").isPositive());
            redis.opsForHash().remove(RedisKeys.COOLDOWN_RECORDS, "silent@main").block(PATIENCE);
            redis.opsForZSet().remove(RedisKeys.COOLDOWN_ENDS, "silent@main").block(PATIENCE);
            Eventually.until(
                    "it is over",
                    Duration.ofSeconds(2),
                    () -> left(gateway, "silent@main").isZero());
        }
    }

    /** What was already on its way when the account began to rest is part of the same herd. */
    @Test
    void isNotMadeLongerByCallsThatBeganBefore(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "stragglers")) {
            Cooldowns cooldowns = gateway.bean(Cooldowns.class);
            long before = System.nanoTime();
            cooldowns.cool("stragglers@main", BACKOFF, null, "why", before);
            Eventually.until(
                    "it has rested",
                    PATIENCE,
                    () -> left(gateway, "stragglers@main").isZero());
            cooldowns.cool("stragglers@main", BACKOFF, null, "why", before);
            assertThat(left(gateway, "stragglers@main")).isZero();
            cooldowns.cool("stragglers@main", BACKOFF, null, "why", System.nanoTime());
            assertThat(left(gateway, "stragglers@main")).isPositive();
        }
    }

    @Test
    void usesACredentialThatTakesThePlaceOfARefusedOne(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "swapped")) {
            String key = gateway.key();
            Connections connections = gateway.bean(Connections.class);
            connections.add("swapped", "first", written("sandbox-swapped-old")).block(PATIENCE);
            sandbox.script("sandbox-swapped-old", "401");
            Eventually.until("the added account is tried", PATIENCE, () -> {
                gateway.chat(key, "swapped/chat", false);
                return sandbox.books("sandbox-swapped-old").calls() == 1;
            });
            connections
                    .change("swapped", "first", before -> written("sandbox-swapped-new"))
                    .block(PATIENCE);
            Eventually.until("its new credential is used", PATIENCE, () -> {
                gateway.chat(key, "swapped/chat", false);
                return sandbox.books("sandbox-swapped-new").calls() > 0;
            });
            assertThat(sandbox.books("sandbox-swapped-old").calls()).isEqualTo(1);
        }
    }

    private static ConnectionProperties written(String credential) {
        return new ConnectionProperties(
                credential, null, true, -1, 1, 0, Duration.ZERO, 0, 0, Duration.ZERO, null, Set.of());
    }

    private static Map<String, Duration> refused(Connections connections, String provider) {
        return connections.list().block(PATIENCE).stream()
                .filter(one -> one.provider().equals(provider) && !one.refused().isZero())
                .collect(Collectors.toMap(one -> one.connection().id(), Connections.Listed::refused));
    }

    /** A provider that fails as a whole is left for the other one first, and its other account is not forgotten. */
    @Test
    void comesBackToTheOtherAccountLast(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "back")) {
            sandbox.script("sandbox-back-main", "500");
            sandbox.script(Gateway.CONNECTION_KEY + "-a", "500");
            HttpResponse<String> answer = gateway.chat(gateway.key(), "all", false);
            assertThat(provider(answer)).isEqualTo("back");
            assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts"))
                    .hasValue("2");
            assertThat(sandbox.books("sandbox-back-spare").calls()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatWasTriedAndTheShortestWait(Sandbox sandbox) {
        try (Gateway gateway = start(sandbox, "said")) {
            sandbox.script("sandbox-said-main", "429-retry-9s");
            sandbox.script("sandbox-said-spare", "429-retry-4s");
            HttpResponse<String> answer = gateway.chat(gateway.key(), "said/chat", false);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("4");
            assertThat(answer.headers().firstValue("x-omniroute-combo-pool-size"))
                    .hasValue("2");
            assertThat(answer.headers().firstValue("x-omniroute-combo-attempted"))
                    .hasValue("said/chat@main, said/chat@spare");
            assertThat(answer.headers().firstValue("x-omniroute-combo-terminal-reason"))
                    .hasValue("rate-limited");
            assertThat(answer.headers().firstValue("x-omniroute-recovery-action"))
                    .hasValue("wait");
            assertThat(answer.headers().firstValue("x-omniroute-recovery-next-step"))
                    .hasValue("call again in 4 s");
            assertThat(answer.headers().firstValue("x-omniroute-retry-after-seconds"))
                    .hasValue("4");
        }
    }

    @Test
    void doublesAfterARestAndNotDuringIt(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox)) {
            CooldownStore store = store(gateway);
            List<Cooldown> herd = Flux.range(0, 50)
                    .flatMap(i -> store.cool("herd", LONG, null, "why"), 50)
                    .collectList()
                    .block(PATIENCE);
            assertThat(herd).hasSize(50).allSatisfy(rest -> {
                assertThat(rest.count()).isEqualTo(1);
                assertThat(rest.left()).isLessThanOrEqualTo(Duration.ofSeconds(30));
            });
            store.cool("alone", BACKOFF, null, "why").block(PATIENCE);
            List<Long> times = IntStream.rangeClosed(2, 4)
                    .mapToObj(count -> {
                        Eventually.until(
                                "it has rested",
                                PATIENCE,
                                () -> rests(store, "alone").isZero());
                        Cooldown next =
                                store.cool("alone", BACKOFF, null, "why").block(PATIENCE);
                        assertThat(next.count()).isEqualTo(count);
                        return next.left().toMillis();
                    })
                    .toList();
            assertThat(times).containsExactly(200L, 350L, 350L);
            store.end("alone").block(PATIENCE);
            assertThat(store.cool("alone", BACKOFF, Duration.ofSeconds(7), "why")
                            .block(PATIENCE))
                    .isEqualTo(new Cooldown("alone", Duration.ofSeconds(7), 1, "why"));
        }
    }

    @Test
    void doublesOnlyAfterTheEvenRests(Sandbox sandbox) {
        Backoff even = new Backoff(Duration.ofMillis(50), Duration.ofMillis(150), 3);
        try (Gateway gateway = Gateway.start(sandbox)) {
            CooldownStore store = store(gateway);
            List<Long> times = IntStream.rangeClosed(1, 6)
                    .mapToObj(count -> {
                        Eventually.until(
                                "it has rested",
                                PATIENCE,
                                () -> rests(store, "even").isZero());
                        return store.cool("even", even, null, "why")
                                .block(PATIENCE)
                                .left()
                                .toMillis();
                    })
                    .toList();
            assertThat(times).containsExactly(50L, 50L, 50L, 100L, 150L, 150L);
            assertThat(IntStream.range(0, 6)
                            .mapToObj(before -> even.after(before).toMillis())
                            .toList())
                    .isEqualTo(times);
        }
    }

    /** Without Redis an instance still learns from its own failures, and nothing waits. */
    @Test
    void restsWithoutRedis(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false);
                Gateway gateway =
                        Gateway.start(sandbox, settings(sandbox, "outage") + "REDIS_URL=" + redis.url() + "\n")) {
            String key = gateway.key();
            assertThat(gateway.chat(key, "pair", false).statusCode()).isEqualTo(200);
            redis.killFirst();
            sandbox.script("sandbox-outage-main", "429-retry-60s");
            AtomicLong answered = new AtomicLong();
            Eventually.until("the other target answers without a detour", PATIENCE, () -> {
                HttpResponse<String> answer = gateway.chat(key, "pair", false);
                answered.addAndGet(answer.statusCode() == 200 ? 1 : 0);
                return provider(answer).equals("a")
                        && answer.headers()
                                .firstValue("X-OmniRoute-Fallback-Attempts")
                                .isEmpty();
            });
            assertThat(answered.get()).isPositive();
            assertThat(left(gateway, "outage@main")).isPositive();
        }
    }

    private static Gateway start(Sandbox sandbox, String provider) {
        return Gateway.start(sandbox, settings(sandbox, provider));
    }

    private static String settings(Sandbox sandbox, String id) {
        String provider = "omniroute.providers." + id + ".";
        return """
                omniroute.cooldowns.enabled=true
                omniroute.secrets.master-key=%4$s
                omniroute.combos.pair.targets=%1$s/chat@main,a/chat
                omniroute.combos.all.targets=%1$s/chat,a/chat
                %2$sbase-url=%3$s
                %2$sformats=openai-chat
                %2$sconnections.main.api-key=sandbox-%1$s-main
                """.formatted(id, provider, sandbox.baseUrl(), MasterKeys.generate())
                + (Set.of("alone", "late", "lasts").contains(id)
                        ? ""
                        : provider + "connections.spare.api-key=sandbox-" + id + "-spare\n" + provider
                                + "connections.spare.priority=1\n");
    }

    private static CooldownStore store(Gateway gateway) {
        return new CooldownStore(gateway.bean(ReactiveStringRedisTemplate.class), gateway.bean(RedisGuard.class));
    }

    private static Duration left(Gateway gateway, String subject) {
        return gateway.bean(Cooldowns.class).left(subject);
    }

    private static Duration rests(CooldownStore store, String subject) {
        return store.all().block(PATIENCE).stream()
                .filter(rest -> rest.subject().equals(subject))
                .map(Cooldown::left)
                .findFirst()
                .orElse(Duration.ZERO);
    }

    private static String provider(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-OmniRoute-Provider").orElse("none: " + answer.body());
    }
}
