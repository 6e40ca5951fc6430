package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Ports;
import io.omniroute.app.support.RedisServers;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three processes on one Redis, and on a cluster of three shards, under load, while something dies: they act as one, and nobody is told
 * something that is not so. Takes minutes: {@code ./mvnw verify -Pchaos}.
 */
@Tag("chaos")
@ExtendWith(SandboxExtension.class)
class ChaosTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "sandbox-chaos-";
    private static final int AT_ONCE = 12;
    /** In a row, after which a provider is left alone. */
    private static final int FAILURES = 12;

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** How a call ended for its client. */
    private enum End {
        COMPLETE,
        HONEST_ERROR,
        GATEWAY_GONE,
        LIE
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "cluster"})
    void actAsOneWhateverDies(String arrangement, Sandbox sandbox) throws Exception {
        String key = KeySecret.generate(new SecureRandom());
        Sandbox dying = Sandbox.start(0, 0);
        try (RedisServers redis =
                        arrangement.equals("cluster") ? RedisServers.cluster(false) : RedisServers.standalone(false);
                Fleet fleet = new Fleet(3, redis.url(), sandbox, dying, key)) {
            sharesTurns(fleet, sandbox);
            sharesCooldowns(fleet, sandbox);
            keepsPaces(fleet, sandbox);
            sharesBreakers(fleet, sandbox);
            triesOnceForAll(fleet, sandbox);
            sharesSessions(fleet);
            survivesAProvider(fleet, dying);
            survivesAnInstance(fleet);
            if (arrangement.equals("standalone")) {
                survivesRedis(fleet, redis);
            }
        } finally {
            dying.close();
        }
    }

    /** Every target has its turn as often as every other, whoever counts. */
    static void sharesTurns(Fleet fleet, Sandbox sandbox) throws Exception {
        Map<Integer, Long> before = new HashMap<>();
        for (int i = 1; i <= 3; i++) {
            before.put(i, sandbox.books(PREFIX + i).calls());
        }
        Map<End, Integer> ends = fleet.load("turns", 90, () -> {});
        assertThat(ends).containsOnlyKeys(End.COMPLETE);
        for (int i = 1; i <= 3; i++) {
            assertThat(sandbox.books(PREFIX + i).calls() - before.get(i))
                    .as("calls of target " + i)
                    .isEqualTo(30);
        }
    }

    /** What one instance has learnt the others know within a second. */
    static void sharesCooldowns(Fleet fleet, Sandbox sandbox) throws Exception {
        sandbox.script(PREFIX + "limited", "429-retry-60s");
        assertThat(fleet.call(0, "limited")).isEqualTo(End.COMPLETE);
        long known = sandbox.books(PREFIX + "limited").calls();
        Eventually.until("all know", Duration.ofSeconds(5), () -> {
            long before = sandbox.books(PREFIX + "limited").calls();
            fleet.callOthers("limited");
            return sandbox.books(PREFIX + "limited").calls() == before;
        });
        assertThat(sandbox.books(PREFIX + "limited").calls() - known)
                .as("calls of what rests, before all knew")
                .isLessThan(20);
        assertThat(fleet.load("limited", 60, () -> {})).containsOnlyKeys(End.COMPLETE);
    }

    /** No more calls at a time than the account takes, over all instances. */
    static void keepsPaces(Fleet fleet, Sandbox sandbox) throws Exception {
        AtomicLong longest = new AtomicLong();
        Thread watch = Thread.ofPlatform().start(() -> {
            long since = System.nanoTime();
            while (!Thread.currentThread().isInterrupted()) {
                // a provider hears that its answer has been read a little later than the gateway reads it
                long now = System.nanoTime();
                since = sandbox.books(PREFIX + "paced").open() <= 2 ? now : since;
                longest.accumulateAndGet(now - since, Math::max);
                LockSupport.parkNanos(1_000_000);
            }
        });
        Map<End, Integer> ends = fleet.load("paced", 45, () -> {});
        watch.interrupt();
        watch.join();
        assertThat(ends).containsOnlyKeys(End.COMPLETE);
        assertThat(Duration.ofNanos(longest.get()))
                .as("how long more than two ran")
                .isLessThan(Duration.ofMillis(200));
    }

    /** A provider that one instance has given up is left alone by all within a second. */
    static void sharesBreakers(Fleet fleet, Sandbox sandbox) throws Exception {
        long known = sandbox.books(PREFIX + "broken").calls();
        sandbox.script(PREFIX + "broken", Collections.nCopies(FAILURES, "500"));
        for (int i = 0; i < FAILURES; i++) {
            assertThat(fleet.call(0, "broken")).isEqualTo(End.COMPLETE);
        }
        assertThat(sandbox.books(PREFIX + "broken").calls() - known).isEqualTo(FAILURES);
        AtomicInteger later = new AtomicInteger();
        Eventually.until("all know", Duration.ofSeconds(5), () -> {
            long before = sandbox.books(PREFIX + "broken").calls();
            fleet.callOthers("broken");
            long more = sandbox.books(PREFIX + "broken").calls() - before;
            later.addAndGet((int) more);
            return more == 0;
        });
        assertThat(later.get()).as("calls before all knew").isLessThan(40);
        assertThat(fleet.load("broken", 30, () -> {})).containsOnlyKeys(End.COMPLETE);
        assertThat(sandbox.books(PREFIX + "broken").calls() - known).isEqualTo(FAILURES + later.get());
    }

    /** When its time is over, one call of all instances tries it; what that one learns, all know. */
    static void triesOnceForAll(Fleet fleet, Sandbox sandbox) throws Exception {
        long known = sandbox.books(PREFIX + "broken").calls();
        // as long as it lasts, the others of the same load find the try taken
        sandbox.script(PREFIX + "broken", "slow-3s");
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (sandbox.books(PREFIX + "broken").calls() == known) {
            assertThat(System.nanoTime()).as("its time is over").isLessThan(patience);
            assertThat(fleet.load("broken", 90, () -> {})).containsOnlyKeys(End.COMPLETE);
        }
        assertThat(sandbox.books(PREFIX + "broken").calls() - known)
                .as("tries of all instances")
                .isEqualTo(1);
        Eventually.until(
                "all call it again",
                PATIENCE,
                () -> fleet.providers("broken", "tried-" + System.nanoTime()).stream()
                        .allMatch("cbroken"::equals));
    }

    /** A session stays where it is, whichever instance is asked. */
    static void sharesSessions(Fleet fleet) {
        for (int i = 0; i < 4; i++) {
            String session = "session-" + i;
            String first = fleet.provider(0, "chats", session);
            AtomicReference<String> where = new AtomicReference<>(first);
            Eventually.until("all instances agree", Duration.ofSeconds(5), () -> {
                String before = where.get();
                List<String> now = fleet.providers("chats", session);
                where.set(now.getLast());
                return now.stream().allMatch(before::equals);
            });
            for (int round = 0; round < 6; round++) {
                assertThat(fleet.providers("chats", session)).containsOnly(where.get());
            }
        }
    }

    /** A provider dies in the middle of its streams: whole answers or honest errors, and soon only whole ones. */
    private static void survivesAProvider(Fleet fleet, Sandbox dying) throws Exception {
        Map<End, Integer> ends = fleet.load("mortal", 120, dying::close);
        assertThat(ends).doesNotContainKeys(End.LIE, End.GATEWAY_GONE);
        assertThat(ends.getOrDefault(End.COMPLETE, 0)).isGreaterThan(60);
        assertThat(fleet.load("mortal", 60, () -> {})).containsOnlyKeys(End.COMPLETE);
    }

    /** An instance is killed under load: the others go on, and nobody was told half an answer for a whole one. */
    private static void survivesAnInstance(Fleet fleet) throws Exception {
        Map<End, Integer> ends = fleet.load("turns", 150, () -> fleet.kill(0));
        assertThat(ends).doesNotContainKeys(End.LIE, End.HONEST_ERROR);
        assertThat(ends.getOrDefault(End.COMPLETE, 0)).isGreaterThanOrEqualTo(100);
        assertThat(fleet.load("turns", 60, () -> {})).containsOnlyKeys(End.COMPLETE);
        // what the dead one held of the account's pace is free when its leases have ended
        Eventually.until("the account is free", Duration.ofSeconds(60), () -> fleet.call(1, "paced") == End.COMPLETE);
    }

    /** Redis is away and comes back empty: known keys are let in, combos work by what each instance knows. */
    private static void survivesRedis(Fleet fleet, RedisServers redis) throws Exception {
        assertThat(fleet.load("turns", 60, redis::killFirst)).containsOnlyKeys(End.COMPLETE);
        redis.startFirst();
        assertThat(fleet.load("turns", 60, () -> {})).containsOnlyKeys(End.COMPLETE);
    }

    /** Several gateways, each a process of its own. */
    static final class Fleet implements AutoCloseable {

        private final List<JavaProcess> processes = new ArrayList<>();
        private final List<Integer> ports = new ArrayList<>();
        private final List<Integer> alive = new CopyOnWriteArrayList<>();
        private final String key;

        Fleet(int size, String redis, Sandbox sandbox, Sandbox dying, String key) {
            this.key = key;
            String master = MasterKeys.generate();
            for (int i = 0; i < size; i++) {
                int port = Ports.free();
                Map<String, String> environment = new HashMap<>();
                environment.put("SPRING_PROFILES_ACTIVE", "prod");
                environment.put("REDIS_URL", redis);
                environment.put("OMNIROUTE_MASTER_KEY", master);
                environment.put("PORT", Integer.toString(port));
                processes.add(JavaProcess.start(
                        GatewayApplication.class.getName(), environment, settings(sandbox, dying, key)));
                ports.add(port);
                alive.add(i);
            }
            processes.forEach(process -> process.awaitOutput("Started GatewayApplication"));
            for (int i = 0; i < size; i++) {
                int number = i;
                Eventually.until("it is ready", PATIENCE, () -> call(number, "turns") == End.COMPLETE);
            }
        }

        private static String[] settings(Sandbox sandbox, Sandbox dying, String key) {
            List<String> all = new ArrayList<>();
            for (String name : List.of("1", "2", "3", "limited", "paced", "broken")) {
                provider(all, "c" + name, sandbox, PREFIX + name);
            }
            provider(all, "mortal", dying, PREFIX + "mortal");
            all.add("--omniroute.providers.cpaced.connections.main.max-concurrent=2");
            all.add("--omniroute.providers.cpaced.connections.main.queue=100");
            all.add("--omniroute.combos.turns.strategy=round-robin");
            all.add("--omniroute.combos.turns.targets=c1/words-20,c2/words-20,c3/words-20");
            all.add("--omniroute.combos.limited.targets=climited/chat,c1/chat");
            all.add("--omniroute.combos.broken.targets=cbroken/chat,c1/chat");
            all.add("--omniroute.combos.chats.strategy=random");
            all.add("--omniroute.combos.chats.targets=c1/chat,c2/chat,c3/chat");
            all.add("--omniroute.combos.paced.targets=cpaced/slow-300ms");
            all.add("--omniroute.combos.mortal.targets=mortal/words-200-drip-1ms,c1/chat");
            all.add("--omniroute.teams.t.models=*");
            all.add("--omniroute.teams.t.keys.k.hash=sha256:"
                    + KeyHash.ofKey(key).hex());
            all.add("--omniroute.breakers.reset=10s");
            all.add("--omniroute.redis.deadline=2s");
            all.add("--omniroute.drain.announce=0s");
            return all.toArray(String[]::new);
        }

        private static void provider(List<String> all, String id, Sandbox sandbox, String credential) {
            String prefix = "--omniroute.providers." + id + ".";
            all.add(prefix + "base-url=" + sandbox.baseUrl());
            all.add(prefix + "formats=openai-chat");
            all.add(prefix + "connections.main.api-key=" + credential);
        }

        void kill(int number) {
            alive.remove(Integer.valueOf(number));
            processes.get(number).kill();
        }

        /** Calls of all instances in turn, several at a time; something happens when a third of them has begun. */
        Map<End, Integer> load(String combo, int calls, Runnable event) throws Exception {
            Map<End, Integer> ends = new HashMap<>();
            List<Integer> asked = List.copyOf(alive);
            try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
                List<Future<End>> running = new ArrayList<>();
                AtomicInteger begun = new AtomicInteger();
                for (int i = 0; i < calls; i++) {
                    int number = asked.get(i % asked.size());
                    running.add(threads.submit(() -> {
                        if (begun.incrementAndGet() == calls / 3) {
                            event.run();
                        }
                        return call(number, combo);
                    }));
                }
                for (Future<End> one : running) {
                    ends.merge(one.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS), 1, Integer::sum);
                }
            }
            return ends;
        }

        /** Calls all that live but the first. */
        void callOthers(String combo) {
            alive.stream().skip(1).forEach(number -> call(number, combo));
        }

        /** Who answers a call of a session at each instance that lives, one after another. */
        List<String> providers(String combo, String session) {
            return alive.stream()
                    .map(number -> provider(number, combo, session))
                    .toList();
        }

        String provider(int number, String combo, String session) {
            try {
                HttpRequest request =
                        request(number, combo).header("X-Session-Id", session).build();
                return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                        .headers()
                        .firstValue("X-OmniRoute-Provider")
                        .orElseThrow();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }

        private HttpRequest.Builder request(int number, String combo) {
            String body = "{\"model\":\"" + combo
                    + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(number) + "/v1/chat/completions"))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + key)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
        }

        End call(int number, String combo) {
            try {
                HttpResponse<String> answer =
                        HTTP.send(request(number, combo).build(), HttpResponse.BodyHandlers.ofString());
                boolean done = answer.body().contains("data: [DONE]");
                boolean told = answer.body().contains("\"error\"");
                if (answer.statusCode() != 200) {
                    return End.HONEST_ERROR;
                }
                return done && !told && answer.body().contains("\"finish_reason\":\"stop\"")
                        ? End.COMPLETE
                        : done ? End.LIE : told ? End.HONEST_ERROR : End.GATEWAY_GONE;
            } catch (IOException gone) {
                return End.GATEWAY_GONE;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return End.GATEWAY_GONE;
            }
        }

        @Override
        public void close() {
            processes.forEach(JavaProcess::close);
        }
    }
}
