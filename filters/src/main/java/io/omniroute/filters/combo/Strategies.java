package io.omniroute.filters.combo;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The strategies that come with the gateway, by their names in YAML. */
@Configuration(proxyBeanMethods = false)
public class Strategies {

    @Bean("priority")
    SelectionStrategy priority() {
        return new PriorityStrategy();
    }

    @Bean("fill-first")
    SelectionStrategy fillFirst() {
        return new PriorityStrategy();
    }

    @Bean("weighted")
    SelectionStrategy weighted() {
        return new WeightedStrategy();
    }

    @Bean("round-robin")
    SelectionStrategy roundRobin() {
        return new RoundRobinStrategy();
    }

    @Bean("random")
    SelectionStrategy random() {
        return new RandomStrategy();
    }

    @Bean("strict-random")
    SelectionStrategy strictRandom() {
        return new StrictRandomStrategy();
    }

    @Bean("p2c")
    SelectionStrategy powerOfTwo() {
        return new PowerOfTwoStrategy();
    }

    @Bean("least-used")
    SelectionStrategy leastUsed() {
        return new LeastUsedStrategy();
    }

    @Bean("cost-optimized")
    SelectionStrategy costOptimized() {
        return new CostOptimizedStrategy();
    }

    @Bean("context-optimized")
    SelectionStrategy contextOptimized() {
        return new ContextOptimizedStrategy();
    }

    @Bean("lkgp")
    SelectionStrategy lastKnownGood() {
        return new LastKnownGoodStrategy();
    }

    @Bean("cache-optimized")
    SelectionStrategy cacheOptimized() {
        return new CacheOptimizedStrategy();
    }

    @Bean("latency")
    SelectionStrategy latency() {
        return new LatencyStrategy();
    }

    /** All of them, without an application around them. */
    public static Map<String, SelectionStrategy> all() {
        Strategies beans = new Strategies();
        return new TreeMap<>(Map.ofEntries(
                Map.entry("priority", beans.priority()),
                Map.entry("fill-first", beans.fillFirst()),
                Map.entry("weighted", beans.weighted()),
                Map.entry("round-robin", beans.roundRobin()),
                Map.entry("random", beans.random()),
                Map.entry("strict-random", beans.strictRandom()),
                Map.entry("p2c", beans.powerOfTwo()),
                Map.entry("least-used", beans.leastUsed()),
                Map.entry("cost-optimized", beans.costOptimized()),
                Map.entry("context-optimized", beans.contextOptimized()),
                Map.entry("lkgp", beans.lastKnownGood()),
                Map.entry("cache-optimized", beans.cacheOptimized()),
                Map.entry("latency", beans.latency())));
    }
}
