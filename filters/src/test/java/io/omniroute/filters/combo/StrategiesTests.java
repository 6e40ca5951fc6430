package io.omniroute.filters.combo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omniroute.config.Combo;
import io.omniroute.config.Demands;
import io.omniroute.config.Patience;
import io.omniroute.config.Scoring;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The orders that strategies make: what holds for all of them, what each promises, and exact examples. */
class StrategiesTests {

    private static final int RUNS = 20_000;

    static Stream<String> names() {
        return Strategies.all().keySet().stream();
    }

    /** No target is lost or doubled, whatever is known, and the same choice from the same things is the same. */
    @ParameterizedTest
    @MethodSource("names")
    void neverLosesATarget(String name) {
        SelectionStrategy strategy = strategy(name);
        Random random = new Random(7);
        for (int run = 0; run < 2_000; run++) {
            int size = 1 + random.nextInt(12);
            List<Target> targets = IntStream.range(0, size)
                    .mapToObj(i -> target("t" + i, random.nextInt(4)))
                    .toList();
            Known known = known(targets, random);
            long turn = random.nextInt(1_000);
            String affinity = Integer.toString(random.nextInt());
            long seed = random.nextLong();
            List<Target> ordered = strategy.order(selection(targets, known, turn, affinity, new Random(seed)));
            assertThat(ordered).containsExactlyInAnyOrderElementsOf(targets);
            assertThat(strategy.order(selection(targets, known, turn, affinity, new Random(seed))))
                    .isEqualTo(ordered);
        }
    }

    @Test
    void weightsConverge() {
        List<Target> targets = List.of(target("a", 6), target("b", 3), target("c", 1), target("d", 0));
        Map<Target, Integer> first = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < RUNS; i++) {
            List<Target> ordered = strategy("weighted").order(selection(targets, new Known(), 0, "", random));
            first.merge(ordered.getFirst(), 1, Integer::sum);
            assertThat(ordered.getLast()).isEqualTo(targets.get(3));
        }
        assertThat(share(first, targets.get(0))).isBetween(0.58, 0.62);
        assertThat(share(first, targets.get(1))).isBetween(0.28, 0.32);
        assertThat(share(first, targets.get(2))).isBetween(0.08, 0.12);
    }

    @ParameterizedTest
    @MethodSource
    void drawsAllAlike(String name) {
        List<Target> targets = targets(4);
        Map<Target, Integer> first = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < RUNS; i++) {
            first.merge(
                    strategy(name)
                            .order(selection(targets, new Known(), i, "c" + random.nextInt(), random))
                            .getFirst(),
                    1,
                    Integer::sum);
        }
        assertThat(targets)
                .allSatisfy(target -> assertThat(share(first, target)).isBetween(0.23, 0.27));
    }

    static Stream<String> drawsAllAlike() {
        return Stream.of("random", "round-robin", "strict-random", "p2c", "latency", "cache-optimized");
    }

    @Test
    void everyDeckHasEveryTargetOnce() {
        List<Target> targets = targets(5);
        Set<List<Target>> decks = new HashSet<>();
        for (int deck = 0; deck < 200; deck++) {
            int number = deck;
            List<Target> drawn = IntStream.range(0, 5)
                    .mapToObj(card -> strategy("strict-random")
                            .order(selection(targets, new Known(), number * 5L + card, "", new Random()))
                            .getFirst())
                    .toList();
            assertThat(drawn).containsExactlyInAnyOrderElementsOf(targets);
            decks.add(drawn);
        }
        assertThat(decks).as("different decks of 120").hasSizeGreaterThan(80);
    }

    /** However few they are, the first card of a deck says nothing of the next one's. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void shufflesSmallDecks(int size) {
        List<Target> targets = targets(size);
        Map<Target, Integer> last = new HashMap<>();
        int same = 0;
        @Nullable Target before = null;
        for (int deck = 0; deck < 1000; deck++) {
            Target first = strategy("strict-random")
                    .order(selection(targets, new Known(), (long) deck * size, "", new Random()))
                    .getFirst();
            Target end = strategy("strict-random")
                    .order(selection(targets, new Known(), (long) deck * size + size - 1, "", new Random()))
                    .getFirst();
            last.merge(end, 1, Integer::sum);
            same += first.equals(before) ? 1 : 0;
            before = first;
        }
        assertThat(same / 1000.0).as("decks that begin as the one before").isBetween(0.8 / size, 1.2 / size);
        assertThat(targets)
                .allSatisfy(target ->
                        assertThat(last.getOrDefault(target, 0) / 1000.0).isBetween(0.8 / size, 1.2 / size));
    }

    @Test
    void takesTurns() {
        List<Target> targets = targets(3);
        assertThat(turns(targets, 1, 7)).isEqualTo(List.of(0, 1, 2, 0, 1, 2, 0));
        assertThat(turns(targets, 3, 10)).isEqualTo(List.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 0));
        assertThat(strategy("round-robin").order(selection(targets, new Known(), 1, "", new Random())))
                .containsExactly(targets.get(1), targets.get(2), targets.get(0));
    }

    /** What is not known is neither cheap nor large, and is not left out. */
    @Test
    void ordersByWhatIsKnown() {
        List<Target> targets = targets(4);
        Known known = new Known();
        known.prices.put(targets.get(0), 5L);
        known.prices.put(targets.get(2), 0L);
        known.prices.put(targets.get(3), 2L);
        known.windows.put(targets.get(1), 8L);
        known.windows.put(targets.get(3), 100L);
        known.calls.putAll(Map.of(targets.get(0), 9L, targets.get(1), 2L, targets.get(3), 2L));
        known.last = targets.get(2);
        assertThat(order("cost-optimized", targets, known)).containsExactly(2, 3, 0, 1);
        assertThat(order("context-optimized", targets, known)).containsExactly(3, 1, 0, 2);
        assertThat(order("least-used", targets, known)).containsExactly(2, 1, 3, 0);
        assertThat(order("lkgp", targets, known)).containsExactly(2, 0, 1, 3);
        assertThat(order("priority", targets, known)).containsExactly(0, 1, 2, 3);
        assertThat(order("fill-first", targets, known)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void prefersTheBetterOfTwo() {
        List<Target> targets = targets(2);
        Known known = new Known();
        known.latencies.putAll(Map.of(targets.get(0), 50e6, targets.get(1), 900e6));
        for (String name : List.of("p2c", "latency")) {
            assertThat(order(name, targets, known)).as(name).containsExactly(0, 1);
        }
        known.running.put(targets.get(0), 100);
        assertThat(order("latency", targets, known)).as("with a queue").containsExactly(1, 0);
        known.successes.putAll(Map.of(targets.get(0), 0.1, targets.get(1), 1.0));
        assertThat(order("p2c", targets, known)).as("with failures").containsExactly(1, 0);
    }

    @Test
    void keepsCachesWarm() {
        List<Target> all = targets(10);
        List<Target> fewer = all.subList(0, 9);
        int moved = 0;
        for (int i = 0; i < 2_000; i++) {
            Target before = strategy("cache-optimized")
                    .order(selection(all, new Known(), i, "conversation " + i, new Random()))
                    .getFirst();
            Target again = strategy("cache-optimized")
                    .order(selection(all, new Known(), i + 1, "conversation " + i, new Random()))
                    .getFirst();
            Target without = strategy("cache-optimized")
                    .order(selection(fewer, new Known(), i, "conversation " + i, new Random()))
                    .getFirst();
            assertThat(again).isEqualTo(before);
            moved += without.equals(before) ? 0 : 1;
        }
        assertThat(moved).as("only the calls of the target that is gone").isBetween(140, 260);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is left of 5 h and 7 d of three accounts, and the minutes until they come back
                "headroom     | 0.2 60 0.9 5000, 0.6 60 0.5 5000, 0.9 60 0.4 5000 | 1 2 0",
                "headroom     | 0.2 60 0.9 5000,                , 0.9 60 0.9 5000 | 2 1 0",
                "reset-window | 0.2 90 0.9 5000, 0.6 60 0.5 5000,                 | 1 0 2",
                "reset-window | 0   10 0.9 5000, 0.6 60 0.5 5000, 0.9 90 0.9 5000 | 1 2 0",
                "reset-aware  | 0.5 10 0.5 100 , 0.5 290 0.5 9000, 0 10 0.9 5000  | 0 1 2",
                "reset-aware  | 0.05 250 0.9 50, 0.5 250 0.5 9000, 0.9 250 0.9 50 | 2 1 0"
            })
    void knowsWhatIsLeftOfLimits(String name, String accounts, String expected) {
        Known known = new Known();
        List<Target> targets = targets(3);
        String[] written = accounts.split(",", -1);
        for (int i = 0; i < targets.size(); i++) {
            if (!written[i].isBlank()) {
                double[] numbers = Stream.of(written[i].trim().split("\\s+"))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                known.quotas.put(
                        targets.get(i),
                        List.of(
                                quota("5h", numbers[0], numbers[1], Duration.ofHours(5)),
                                quota("7d", numbers[2], numbers[3], Duration.ofDays(7))));
            }
        }
        assertThat(order(name, targets, known))
                .containsExactlyElementsOf(
                        Stream.of(expected.split(" ")).map(Integer::valueOf).toList());
    }

    /** The same targets are scored by what the mode asks for; what is not known of one does not speak against it. */
    @ParameterizedTest
    @CsvSource({"cost-saver,0", "ship-fast,1", "reliability-first,2"})
    void scoresByTheMode(String mode, int best) {
        List<Target> targets = targets(4);
        Known known = new Known();
        long[] prices = {100, 9_000, 5_000};
        double[] latencies = {9e9, 2e8, 5e9};
        double[] successes = {0.7, 0.8, 1};
        double[] healths = {0.5, 0.8, 1};
        for (int i = 0; i < 3; i++) {
            known.prices.put(targets.get(i), prices[i]);
            known.latencies.put(targets.get(i), latencies[i]);
            known.successes.put(targets.get(i), successes[i]);
            known.health.put(targets.get(i), healths[i]);
        }
        known.health.put(targets.get(3), 0.0);
        Combo combo = Combo.of("c", "auto", targets, Optional.empty(), 1, Demands.DEFAULT, Patience.NONE)
                .with(new Scoring(mode, ""));
        for (int i = 0; i < 20; i++) {
            List<Target> ordered =
                    strategy("auto").order(new Selection(combo, targets, known, 0, "", "", new Random(i)));
            assertThat(targets.indexOf(ordered.getFirst())).as(mode).isEqualTo(best);
            assertThat(ordered.getLast()).as("what rests").isEqualTo(targets.get(3));
        }
    }

    /** Where no target is much better than another, all have their turns, the best most of them; the best alone where quality comes first. */
    @Test
    void spreadsCallsOverWhatIsNearlyAsGood() {
        List<Target> targets = targets(3);
        Known known = new Known();
        double[] successes = {1, 0.7, 0.4};
        for (int i = 0; i < 3; i++) {
            known.successes.put(targets.get(i), successes[i]);
        }
        double rest = 0.2 / (0.45 + 0.2);
        assertThat(share(firsts("default", targets, known), targets.get(0))).isCloseTo(1 - rest, within(0.03));
        assertThat(share(firsts("default", targets, known), targets.get(1))).isCloseTo(rest / 2, within(0.03));
        known.successes.put(targets.get(1), 0.8);
        known.successes.put(targets.get(2), 0.2);
        assertThat(share(firsts("default", targets, known), targets.get(1))).isCloseTo(0.35, within(0.03));
        assertThat(firsts("quality-first", targets, known)).containsOnlyKeys(targets.get(0));
    }

    /** Where nothing else is known, a target that more accounts can call is the better one. */
    @Test
    void prefersWhatMoreAccountsCanCall() {
        List<Target> targets = targets(3);
        Known known = new Known();
        known.accounts.put(targets.get(2), 9);
        assertThat(firsts("quality-first", targets, known)).containsOnlyKeys(targets.get(2));
    }

    /** Of targets that are as good, those come first whose provider has had few calls, the more so the fewer have had most. */
    @Test
    void prefersProvidersThatHaveHadFewCalls() {
        List<Target> targets = List.of(Target.of("a", "m"), Target.of("b", "m"), Target.of("c", "m"));
        double[] spread = Spread.of(targets, new long[] {95, 5, 0});
        assertThat(spread[0]).isLessThan(0.2).isLessThan(spread[1]);
        assertThat(spread[1]).isLessThan(spread[2]);
        assertThat(Spread.of(targets, new long[] {33, 33, 33})[0]).isCloseTo(0.5, within(1e-9));
        assertThat(Spread.of(targets, new long[] {9, 0, 0})).containsOnly(0.5);
    }

    @Test
    void refusesAFactorThatThereIsNot() {
        assertThatThrownBy(() -> AutoScores.of(new AutoProperties(0, Map.of("mine", Map.of("speed", 1.0)))))
                .hasMessageContaining("omniroute.auto.modes.mine")
                .hasMessageContaining("speed");
    }

    private static Map<Target, Integer> firsts(String mode, List<Target> targets, Known known) {
        Combo combo = Combo.of("c", "auto", targets, Optional.empty(), 1, Demands.DEFAULT, Patience.NONE)
                .with(new Scoring(mode, ""));
        Map<Target, Integer> counts = new HashMap<>();
        Random random = new Random(5);
        SelectionStrategy auto = strategy("auto");
        for (int i = 0; i < RUNS; i++) {
            List<Target> ordered = auto.order(new Selection(combo, targets, known, 0, "", "", random));
            counts.merge(ordered.getFirst(), 1, Integer::sum);
        }
        return counts;
    }

    private static Quota quota(String window, double left, double minutes, Duration length) {
        return new Quota(window, left, Known.NOW.plusSeconds((long) (minutes * 60)), length);
    }

    private static List<Integer> turns(List<Target> targets, int sticky, int count) {
        return LongStream.range(0, count)
                .mapToObj(turn -> strategy("round-robin")
                        .order(new Selection(
                                Combo.of(
                                        "c",
                                        "round-robin",
                                        targets,
                                        Optional.empty(),
                                        sticky,
                                        Demands.DEFAULT,
                                        Patience.NONE),
                                targets,
                                new Known(),
                                turn,
                                "",
                                "",
                                new Random())))
                .map(ordered -> targets.indexOf(ordered.getFirst()))
                .toList();
    }

    private static List<Integer> order(String name, List<Target> targets, Known known) {
        return strategy(name).order(selection(targets, known, 0, "", new Random(3))).stream()
                .map(targets::indexOf)
                .toList();
    }

    private static SelectionStrategy strategy(String name) {
        return Strategies.all().get(name);
    }

    private static Selection selection(List<Target> targets, Known known, long turn, String affinity, Random random) {
        Combo combo = Combo.of("c", "x", targets, Optional.empty(), 1, Demands.DEFAULT, Patience.NONE);
        return new Selection(combo, targets, known, turn, affinity, "", random);
    }

    private static List<Target> targets(int count) {
        return IntStream.range(0, count).mapToObj(i -> target("t" + i, 1)).toList();
    }

    private static Target target(String model, int weight) {
        return new Target("p", model, Optional.empty(), null, weight, "");
    }

    private static double share(Map<Target, Integer> counts, Target target) {
        return counts.getOrDefault(target, 0) / (double) RUNS;
    }

    private static Known known(List<Target> targets, Random random) {
        Known known = new Known();
        for (Target target : new ArrayList<>(targets)) {
            if (random.nextBoolean()) {
                known.prices.put(target, (long) random.nextInt(5));
                known.windows.put(target, (long) random.nextInt(5));
                known.calls.put(target, (long) random.nextInt(5));
                known.latencies.put(target, random.nextDouble() * 1e9);
                known.successes.put(target, random.nextDouble());
                known.running.put(target, random.nextInt(3));
                known.last = target;
            }
        }
        return known;
    }

    private static final class Known implements TargetKnowledge {

        private final Map<Target, Integer> accounts = new HashMap<>();

        private final Map<Target, Long> prices = new HashMap<>();
        private final Map<Target, Long> windows = new HashMap<>();
        private final Map<Target, Long> calls = new HashMap<>();
        private final Map<Target, Double> latencies = new HashMap<>();
        private final Map<Target, Double> successes = new HashMap<>();
        private final Map<Target, Integer> running = new HashMap<>();
        private static final AutoScores SCORES = AutoScores.of(new AutoProperties(0, Map.of()));
        private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

        private final Map<Target, List<Quota>> quotas = new HashMap<>();
        private @Nullable Target last;

        @Override
        public int accounts(Target target) {
            return accounts.getOrDefault(target, 1);
        }

        @Override
        public List<Quota> quotas(Target target) {
            return quotas.getOrDefault(target, List.of());
        }

        @Override
        public Instant now() {
            return NOW;
        }

        private final Map<Target, Double> health = new HashMap<>();
        private long asked;

        @Override
        public long moment() {
            return asked++;
        }

        @Override
        public OptionalLong outputPrice(Target target) {
            return inputPrice(target);
        }

        @Override
        public double health(Target target) {
            return health.getOrDefault(target, 1.0);
        }

        @Override
        public OptionalDouble fit(Target target, String task) {
            return OptionalDouble.empty();
        }

        @Override
        public AutoScores scores() {
            return SCORES;
        }

        @Override
        public OptionalLong inputPrice(Target target) {
            Long price = prices.get(target);
            return price == null ? OptionalLong.empty() : OptionalLong.of(price);
        }

        @Override
        public OptionalLong contextWindow(Target target) {
            Long window = windows.get(target);
            return window == null ? OptionalLong.empty() : OptionalLong.of(window);
        }

        @Override
        public long calls(Target target) {
            return calls.getOrDefault(target, 0L);
        }

        @Override
        public OptionalDouble successRate(Target target) {
            Double rate = successes.get(target);
            return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
        }

        @Override
        public OptionalDouble tailLatency(Target target) {
            return latency(target);
        }

        @Override
        public OptionalDouble latency(Target target) {
            Double latency = latencies.get(target);
            return latency == null ? OptionalDouble.empty() : OptionalDouble.of(latency);
        }

        @Override
        public int running(Target target) {
            return running.getOrDefault(target, 0);
        }

        @Override
        public boolean answeredLast(String combo, Target target) {
            return target.equals(last);
        }
    }
}
