package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RedisServers;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.SessionTargets;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Choosing targets, with two instances that share what they know. */
@ExtendWith(SandboxExtension.class)
class RoutingTests {

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static Gateway one;
    private static Gateway two;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        one = Gateway.start(sandbox, settings());
        two = Gateway.start(sandbox, settings());
        key = one.key();
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    private static String settings() {
        StringBuilder settings = new StringBuilder();
        List.of(
                        "round-robin",
                        "strict-random",
                        "least-used",
                        "lkgp",
                        "cache-optimized",
                        "cost-optimized",
                        "latency",
                        "random",
                        "p2c")
                .forEach(name -> settings.append("omniroute.combos.%1$s.strategy=%1$s\n".formatted(name))
                        .append("omniroute.combos.%1$s.targets=a/%1$s,b/%1$s,c/%1$s\n".formatted(name)));
        settings.append("omniroute.combos.pinned.targets=c/first@main\n")
                .append("omniroute.combos.pinned-too.targets=c/second@main\n");
        settings.append("omniroute.combos.sticky.strategy=round-robin\nomniroute.combos.sticky.sticky=4\n")
                .append("omniroute.combos.sticky.targets=a/sticky,b/sticky\n")
                .append("omniroute.providers.a.undeclared-models=call\n");
        for (String provider : List.of("a", "b")) {
            settings.append("omniroute.providers.%s.models.cost-optimized.operations=chat\n".formatted(provider));
        }
        settings.append("omniroute.combos.pool.strategy=round-robin\nomniroute.combos.pool.targets=a/pool,b/pool\n")
                .append("omniroute.combos.nested.targets=pool,c/pool\n");
        settings.append("omniroute.providers.a.models.cost-optimized.facts.input-price=5000000\n");
        settings.append("omniroute.providers.b.models.cost-optimized.facts.input-price=200000\n");
        return settings.toString();
    }

    /** Every turn is taken once, whichever instance takes it and however many do at the same time. */
    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "strict-random"})
    void takesTurnsTogether(String combo) throws Exception {
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 60; i++) {
                Gateway gateway = i % 2 == 0 ? one : two;
                clients.submit(() -> counts.merge(provider(gateway, combo), 1, Integer::sum));
            }
        }
        assertThat(counts).containsExactlyInAnyOrderEntriesOf(Map.of("a", 20, "b", 20, "c", 20));
    }

    @Test
    void givesSeveralTurnsInARow() {
        List<String> providers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            providers.add(provider(i % 2 == 0 ? one : two, "sticky"));
        }
        assertThat(String.join("", providers)).isEqualTo("aaaabbbbaaaabbbb");
    }

    @Test
    void usesWhatTheOtherInstanceHasUsedLess() {
        for (int i = 0; i < 6; i++) {
            assertThat(one.chat(key, "a/least-used", false).statusCode()).isEqualTo(200);
            assertThat(one.chat(key, "b/least-used", false).statusCode()).isEqualTo(200);
        }
        Eventually.until(
                "the other instance knows",
                PATIENCE,
                () -> calls(two, "a/least-used") >= 6 && calls(two, "b/least-used") >= 6);
        assertThat(provider(two, "least-used")).isEqualTo("c");
    }

    @Test
    void staysWithWhatAnsweredLast(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-a", "500");
        assertThat(provider(one, "lkgp")).isEqualTo("b");
        Eventually.until(
                "the other instance knows",
                PATIENCE,
                () -> two.bean(TargetStatistics.class).lastGood("lkgp").equals("b/lkgp"));
        HttpResponse<String> answer = two.chat(key, "lkgp", false);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).isEmpty();
    }

    @Test
    void sendsAConversationToOneTarget() {
        Map<String, String> providers = new ConcurrentHashMap<>();
        for (int conversation = 0; conversation < 12; conversation++) {
            String session = "conversation-" + conversation;
            for (Gateway gateway : List.of(one, two, one)) {
                String provider = gateway.send(gateway.request("/v1/chat/completions", key)
                                .header("content-type", "application/json")
                                .header("X-Session-Id", session)
                                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("cache-optimized", false)))
                                .build())
                        .headers()
                        .firstValue("X-OmniRoute-Provider")
                        .orElseThrow();
                assertThat(providers.computeIfAbsent(session, unknown -> provider))
                        .isEqualTo(provider);
            }
        }
        assertThat(Map.copyOf(providers).values()).as("not all at one").contains("a", "b", "c");
    }

    /** Where every call is chosen for anew, a session stays; until its account fails, and then with the next. */
    @ParameterizedTest
    @ValueSource(strings = {"random", "round-robin", "p2c"})
    void keepsASessionWhereItWasAnswered(String strategy, Sandbox sandbox) {
        Set<String> all = new HashSet<>();
        // of two drawn at random the faster one is taken, and the fastest of three is among them two times in three
        for (int number = 0; number < 8 || (all.size() < 2 && number < 80); number++) {
            String begin = strategy + "-session-" + number + "-";
            AtomicInteger tries = new AtomicInteger();
            AtomicReference<String> settled = new AtomicReference<>("");
            // who has answered is written behind, so two first calls at two instances may both be first, and stay so
            // for a while
            Eventually.until("both instances agree", Duration.ofSeconds(30), () -> {
                String session = begin + tries.incrementAndGet();
                settled.set(answerer(one, strategy, session));
                return answerer(two, strategy, session).equals(settled.get())
                        && answerer(one, strategy, session).equals(settled.get());
            });
            String session = begin + tries.get();
            String first = settled.get();
            all.add(first);
            for (int turn = 0; turn < 4; turn++) {
                assertThat(answerer(turn % 2 == 0 ? one : two, strategy, session))
                        .isEqualTo(first);
            }
        }
        assertThat(all).as("not all at one").hasSizeGreaterThan(1);

        String session = strategy + "-moving";
        String before = answerer(one, strategy, session);
        sandbox.script(Gateway.CONNECTION_KEY + "-" + before, "500");
        String after = answerer(one, strategy, session);
        assertThat(after).isNotEqualTo(before);
        // written behind, too
        Eventually.until("it stays where it is now", Duration.ofSeconds(30), () -> {
            String now = answerer(one, strategy, session);
            return Stream.generate(() -> answerer(one, strategy, session))
                    .limit(6)
                    .allMatch(now::equals);
        });
    }

    /** In a combo inside another one, too; and who stays takes no turn from those who begin. */
    @Test
    void keepsSessionsOfACombosOwnCombo() {
        List<String> first = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String session = UUID.randomUUID().toString();
            String begun = answerer(one, "nested", session);
            first.add(begun);
            for (int turn = 0; turn < 3; turn++) {
                assertThat(answerer(one, "nested", session)).isEqualTo(begun);
            }
        }
        assertThat(String.join("", first)).isIn("abababab", "babababa");
    }

    /** A call that began before this instance knew who has the session takes it from nobody. */
    @Test
    void learnsNothingFromACallThatIsLate() {
        String session = SessionTargets.key("team", "late", UUID.randomUUID().toString());
        SessionTargets first = one.bean(SessionTargets.class);
        SessionTargets second = two.bean(SessionTargets.class);
        first.answered(session, "", "a/chat@main");
        Eventually.until("all may know it", PATIENCE, () -> "a/chat@main".equals(shared(session)));
        second.answered(session, "", "b/chat@main");
        Eventually.until(
                "the second knows it",
                PATIENCE,
                () -> second.here(session).orElse("").equals("a/chat@main"));
        second.answered(session, "b/chat@main", "b/chat@main");
        assertThat(second.here(session)).hasValue("a/chat@main");
        second.answered(session, "a/chat@main", "b/chat@main");
        Eventually.until("it has moved", PATIENCE, () -> "b/chat@main".equals(shared(session)));
    }

    private static String shared(String session) {
        return two.bean(ReactiveStringRedisTemplate.class)
                .opsForValue()
                .get(RedisKeys.session(session))
                .block(PATIENCE);
    }

    private static String answerer(Gateway gateway, String model, String session) {
        HttpResponse<String> answer = gateway.send(gateway.request("/v1/chat/completions", key)
                .header("content-type", "application/json")
                .header("X-Session-Id", session)
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody(model, false)))
                .build());
        return answer.headers().firstValue("X-OmniRoute-Provider").orElseGet(answer::body);
    }

    /** What the client gives for the provider's cache is what its calls have in common; a header goes before it, and comes back. */
    @Test
    void knowsAConversationByTheKeyOfItsCache() {
        Set<String> providers = new HashSet<>();
        for (int conversation = 0; conversation < 12; conversation++) {
            Set<String> ofOne = new HashSet<>();
            for (int turn = 0; turn < 3; turn++) {
                String body = Gateway.chatBody("cache-optimized", false)
                        .replace("Hello", "Turn " + turn)
                        .replace("\"messages\"", "\"prompt_cache_key\":\"c" + conversation + "\",\"messages\"");
                HttpResponse<String> answer = one.post("/v1/chat/completions", key, body);
                assertThat(answer.headers().firstValue("X-OmniRoute-Session-Id"))
                        .isEmpty();
                ofOne.add(answer.headers().firstValue("X-OmniRoute-Provider").orElseThrow());
            }
            assertThat(ofOne).hasSize(1);
            providers.addAll(ofOne);
        }
        assertThat(providers).as("not all at one").hasSizeGreaterThan(1);
        HttpResponse<String> named = one.send(one.request("/v1/models", key)
                .header("X-Claude-Code-Session-Id", "named")
                .build());
        assertThat(named.headers().firstValue("X-OmniRoute-Session-Id")).hasValue("named");
    }

    /** The accounts of a provider are ordered as the targets of a combo are, over all instances. */
    @ParameterizedTest
    @ValueSource(
            strings = {"round-robin", "strict-random", "least-used", "cache-optimized", "p2c", "random", "weighted"})
    void ordersAccountsByAnyStrategy(String strategy, Sandbox sandbox) {
        String settings = accounts(sandbox, strategy);
        try (Gateway first = Gateway.start(sandbox, settings);
                Gateway second = Gateway.start(sandbox, settings)) {
            String ofBoth = first.key();
            Eventually.until(
                    "the other instance knows the key",
                    PATIENCE,
                    () -> second.get("/v1/models", ofBoth).statusCode() == 200);
            // of two drawn at random the faster is taken: the fastest of three has two calls in three, by chance all of
            // a few
            int many = strategy.equals("p2c") ? 60 : 12;
            for (int i = 0; i < many; i++) {
                assertThat((i % 2 == 0 ? first : second)
                                .chat(ofBoth, "many-" + strategy + "/chat", false)
                                .statusCode())
                        .isEqualTo(200);
            }
            List<Long> calls = Stream.of("x", "y", "z")
                    .map(account ->
                            sandbox.books("sandbox-" + strategy + "-" + account).calls())
                    .toList();
            if (strategy.equals("cache-optimized")) {
                assertThat(calls).containsExactlyInAnyOrder(12L, 0L, 0L);
            } else if (strategy.equals("least-used")) {
                assertThat(calls).doesNotContain(0L);
            } else if (List.of("p2c", "random", "weighted").contains(strategy)) {
                assertThat(calls.stream().mapToLong(Long::longValue).sum()).isEqualTo(many);
                assertThat(calls.stream().filter(count -> count > 0).count())
                        .as("accounts that were used")
                        .isGreaterThan(1);
            } else {
                assertThat(calls).containsExactly(4L, 4L, 4L);
            }
        }
    }

    /** A prompt cache is one account's: conversations stay with theirs, and do not all go to the same. */
    @Test
    void spreadsConversationsOverAccounts(Sandbox sandbox) {
        String settings = accounts(sandbox, "cache-optimized")
                .replace("many-cache-optimized", "cached")
                .replace("sandbox-cache-optimized", "sandbox-cached");
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String own = gateway.key();
            for (int i = 0; i < 30; i++) {
                String body = Gateway.chatBody("cached/chat", false)
                        .replace("\"messages\"", "\"prompt_cache_key\":\"c" + (i % 15) + "\",\"messages\"");
                assertThat(gateway.post("/v1/chat/completions", own, body).statusCode())
                        .isEqualTo(200);
            }
            List<Long> calls = Stream.of("x", "y", "z")
                    .map(account -> sandbox.books("sandbox-cached-" + account).calls())
                    .toList();
            assertThat(calls).as("every conversation twice at the same").allMatch(count -> count % 2 == 0);
            assertThat(calls.stream().filter(count -> count > 0).count()).isGreaterThan(1);
        }
    }

    /** Where accounts are spread by weight, each has its share, and one without weight has none. */
    @Test
    void spreadsCallsOverAccountsByTheirWeights(Sandbox sandbox) {
        String settings = accounts(sandbox, "weighted")
                        .replace("many-weighted", "weighed")
                        .replace("sandbox-weighted", "sandbox-weighed")
                + "omniroute.providers.weighed.connections.x.weight=1\n"
                + "omniroute.providers.weighed.connections.y.weight=4\n"
                + "omniroute.providers.weighed.connections.z.weight=0\n";
        try (Gateway gateway = Gateway.start(sandbox, settings)) {
            String own = gateway.key();
            for (int i = 0; i < 200; i++) {
                assertThat(gateway.chat(own, "weighed/chat", false).statusCode())
                        .isEqualTo(200);
            }
            // 40 in the mean, and six standard deviations to either side
            assertThat(sandbox.books("sandbox-weighed-x").calls()).isBetween(6L, 74L);
            assertThat(sandbox.books("sandbox-weighed-z").calls()).isZero();
        }
    }

    private static String accounts(Sandbox sandbox, String strategy) {
        String provider = "omniroute.providers.many-" + strategy + ".";
        StringBuilder settings = new StringBuilder("""
                %1$sbase-url=%2$s
                %1$sformats=openai-chat
                %1$saccounts=%3$s
                %1$saccounts-sticky=2
                """.formatted(provider, sandbox.baseUrl(), strategy));
        Stream.of("x", "y", "z")
                .forEach(account -> settings.append(
                        "%sconnections.%s.api-key=sandbox-%s-%s\n".formatted(provider, account, strategy, account)));
        return settings.toString();
    }

    /** Two models at one account are two targets; the account counts both. */
    @Test
    void countsModelsAtOneAccountEach() {
        for (String combo : List.of("pinned", "pinned", "pinned-too")) {
            assertThat(provider(one, combo)).isEqualTo("c");
        }
        Eventually.until(
                "they are counted",
                PATIENCE,
                () -> calls(two, "c/first@main") == 2
                        && calls(two, "c/second@main") == 1
                        && calls(two, "c/first") == 2
                        && calls(two, "c@main") >= 3);
    }

    /** What fails at once is not fast, and what was slow once is not slow for good. */
    @Test
    void knowsHowLongFailuresCount() {
        AtomicLong now = new AtomicLong();
        TargetStatistics statistics =
                new TargetStatistics(one.bean(RoutingStore.class), InstantSource.system(), now::get);
        ended(statistics, "fast", false, 200);
        ended(statistics, "fails", true, 1);
        ended(statistics, "slow-once", false, 4000);
        ended(statistics, "slow-once", false, 100);
        double slow = statistics.latency("slow-once");
        assertThat(statistics.latency("fails")).isGreaterThan(statistics.latency("fast"));
        assertThat(slow).isGreaterThan(Duration.ofSeconds(3).toNanos());
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(statistics.latency("fails")).as("tried again after a while").isLessThan(statistics.latency("fast"));
        assertThat(statistics.latency("slow-once")).isCloseTo(2.05e9, within(1e7));
        assertThat(statistics.latency("unknown")).isNegative();
    }

    /** What was known a long time ago is unknown, and not as fast as nothing. */
    @Test
    void forgetsHowFastATargetWas() {
        AtomicLong now = new AtomicLong();
        AtomicReference<Instant> time = new AtomicReference<>(Instant.now());
        TargetStatistics statistics = new TargetStatistics(one.bean(RoutingStore.class), time::get, now::get);
        ended(statistics, "long-ago", false, 300);
        statistics.start();
        Eventually.until("it is written", PATIENCE, () -> calls(two, "long-ago") == 1);
        assertThat(statistics.latency("long-ago")).isPositive();
        now.addAndGet(Duration.ofHours(1).toNanos());
        time.set(time.get().plus(Duration.ofHours(1)));
        Eventually.until("it is forgotten", PATIENCE, () -> statistics.latency("long-ago") < 0);
        statistics.stop();
    }

    private static void ended(TargetStatistics statistics, String target, boolean failed, long millis) {
        statistics.begins(target);
        statistics.ended(target, failed, Duration.ofMillis(millis));
    }

    @Test
    void learnsWhatIsLeftOfLimitsFromAnswers() {
        assertThat(one.chat(key, "b/limits", false).statusCode()).isEqualTo(200);
        AccountQuotas own = one.bean(AccountQuotas.class);
        AccountQuotas other = two.bean(AccountQuotas.class);
        Eventually.until(
                "the other instance knows",
                PATIENCE,
                () -> !own.of("b@main").isEmpty() && other.of("b@main").equals(own.of("b@main")));
        assertThat(other.of("b@main"))
                .allSatisfy(quota -> assertThat(quota.remaining()).isBetween(0.0, 1.0));
    }

    @Test
    void countsWhatRunsInTheOtherInstance(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-c", "slow-6s");
        CompletableFuture<HttpResponse<String>> running = one.sendAsync(one.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("c/running", false)))
                .build());
        Eventually.until(
                "the other instance knows",
                PATIENCE,
                () -> two.bean(TargetStatistics.class).running("c/running") == 1);
        running.join();
        Eventually.until(
                "it has ended", PATIENCE, () -> two.bean(TargetStatistics.class).running("c/running") == 0);
    }

    @Test
    void prefersTheCheaperAndNeverTheUnknown() {
        assertThat(provider(one, "cost-optimized")).isEqualTo("b");
    }

    /** Without Redis turns are each instance's own, and nobody waits. */
    @Test
    void takesTurnsWithoutRedis(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false);
                Gateway gateway = Gateway.start(sandbox, settings() + "REDIS_URL=" + redis.url() + "\n")) {
            String own = gateway.key();
            assertThat(gateway.chat(own, "round-robin", false).statusCode()).isEqualTo(200);
            redis.killFirst();
            Map<String, Integer> counts = new ConcurrentHashMap<>();
            for (int i = 0; i < 9; i++) {
                HttpResponse<String> answer = gateway.chat(own, "round-robin", false);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                counts.merge(answer.headers().firstValue("X-OmniRoute-Provider").orElseThrow(), 1, Integer::sum);
            }
            assertThat(counts).containsExactlyInAnyOrderEntriesOf(Map.of("a", 3, "b", 3, "c", 3));
        }
    }

    private static String provider(Gateway gateway, String combo) {
        HttpResponse<String> answer = gateway.chat(key, combo, false);
        return answer.headers().firstValue("X-OmniRoute-Provider").orElse("none: " + answer.body());
    }

    private static long calls(Gateway gateway, String target) {
        return gateway.bean(TargetStatistics.class).sums(target).calls();
    }
}
