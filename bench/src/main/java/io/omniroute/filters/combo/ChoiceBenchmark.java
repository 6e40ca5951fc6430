package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.Combo;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Resolution;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.cooldown.CooldownStore;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.SessionTargets;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** What it costs to choose from a combo: its order, the attempts, what they are fit for, what rests, and the record of it all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChoiceBenchmark {

    private static final Endpoint ENDPOINT = new Endpoint(ApiFormats.nearest(), Operation.CHAT, null, null);
    private static final byte[] BODY = "{\"model\":\"many\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    private static final RequestHead HEAD = new RequestHead("many", new Span(0, 0), false, false, 1, List.of());
    private static final RouteExplainer.Question QUESTION =
            new RouteExplainer.Question("many", "session", null, null, "chat", Set.of(), ENDPOINT.format(), BODY);

    /** How many targets the combo has. */
    @Param({"1", "10", "100"})
    public int targets;

    /** How they are ordered. */
    @Param({"priority", "weighted", "latency", "auto"})
    public String strategy = "priority";

    private final RedisGuard guard = new RedisGuard(Duration.ofSeconds(1));
    private final Catalog empty =
            new Catalog(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), io.omniroute.config.Patience.NONE);
    private Catalog catalog = empty;
    private Combo combo = empty.ofOne(io.omniroute.config.Target.of("p", "m"));
    private final RoutingStore store = new RoutingStore(
            new ReactiveStringRedisTemplate(new LettuceConnectionFactory()), new RedisGuard(Duration.ofSeconds(1)));
    private final TargetStatistics statistics = new TargetStatistics(store, InstantSource.system(), System::nanoTime);
    private TargetChooser chooser = chooser();

    /** Declares the combo; nothing here reaches Redis. */
    @Setup
    public void declare() {
        Map<String, Object> written = new TreeMap<>();
        written.put("omniroute.combos.many.strategy", strategy);
        for (int i = 0; i < targets; i++) {
            String provider = "omniroute.providers.p" + i;
            written.put(provider + ".base-url", "http://127.0.0.1:" + (1_000 + i));
            written.put(provider + ".formats", "openai-chat");
            written.put(provider + ".connections.main.api-key", "key-" + i);
        }
        written.put(
                "omniroute.combos.many.targets",
                IntStream.range(0, targets).mapToObj(i -> "p" + i + "/model").collect(Collectors.joining(",")));
        catalog = CatalogReader.read(
                new Binder(new MapConfigurationPropertySource(written))
                        .bindOrCreate("omniroute", CatalogProperties.class),
                List.of());
        combo = ((Resolution.Found) catalog.resolve("many")).combo();
        for (int i = 0; i < targets; i++) {
            for (int call = 0; call < 10; call++) {
                statistics.begins("p" + i + "/model");
                statistics.ended("p" + i + "/model", call == i % 10, Duration.ofMillis(100 + i));
            }
        }
    }

    /** All of it. */
    @Benchmark
    public Object choose() {
        Asked asked = new UnsentCall(catalog, QUESTION, ENDPOINT, HEAD);
        Choice choice = new Choosing(chooser, asked, combo, Beforehand.Known.NOTHING)
                .chosen()
                .choice();
        return List.of(choice, new Candidates(choice.attempts(), choice.obstacles()));
    }

    private TargetChooser chooser() {
        ReactiveStringRedisTemplate redis = new ReactiveStringRedisTemplate(new LettuceConnectionFactory());
        Cooldowns cooldowns = new Cooldowns(new CooldownStore(redis, guard), System::nanoTime);
        Binder usual = new Binder();
        ProviderBreakers breakers =
                new ProviderBreakers(usual.bindOrCreate("breakers", BreakerProperties.class), cooldowns, store);
        NamedStrategies strategies = new NamedStrategies(Strategies.all());
        Experience experience = new Experience(
                new TargetHealth(cooldowns, usual.bindOrCreate("cooldowns", CooldownProperties.class), breakers),
                statistics,
                new AccountQuotas(store),
                new SessionTargets(redis, guard, Duration.ZERO),
                InstantSource.system());
        return new TargetChooser(
                strategies,
                new KnownTargets(
                        KnownFacts.shipped(),
                        experience,
                        AutoScores.of(new AutoProperties(0, Map.of())),
                        JsonLimits.DEFAULT),
                store,
                new Stickiness(experience, strategies));
    }
}
