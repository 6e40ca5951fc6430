package io.omniroute.filters.combo;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** The strategies that come with the gateway, each a bean by its name in YAML. */
public final class Strategies implements ImportBeanDefinitionRegistrar {

    private static final Map<String, SelectionStrategy> ALL = Map.ofEntries(
            Map.entry("priority", new PriorityStrategy()),
            Map.entry("fill-first", new PriorityStrategy()),
            Map.entry("weighted", new WeightedStrategy()),
            Map.entry("round-robin", new RoundRobinStrategy()),
            Map.entry("random", new RandomStrategy()),
            Map.entry("strict-random", new StrictRandomStrategy()),
            Map.entry("p2c", new PowerOfTwoStrategy()),
            Map.entry("least-used", new LeastUsedStrategy()),
            Map.entry("cost-optimized", new CostOptimizedStrategy()),
            Map.entry("context-optimized", new ContextOptimizedStrategy()),
            Map.entry("lkgp", new LastKnownGoodStrategy()),
            Map.entry("cache-optimized", new CacheOptimizedStrategy()),
            Map.entry("latency", new LatencyStrategy()),
            Map.entry("headroom", new HeadroomStrategy()),
            Map.entry("reset-window", new ResetWindowStrategy()),
            Map.entry("reset-aware", new ResetAwareStrategy()),
            Map.entry("auto", new AutoStrategy()),
            Map.entry("context-relay", new ContextRelayStrategy()),
            Map.entry("fusion", new FusionStrategy()),
            Map.entry("pipeline", new PipelineStrategy()));

    /** All of them by name, without an application around them. */
    public static Map<String, SelectionStrategy> all() {
        return new TreeMap<>(ALL);
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        ALL.forEach((name, strategy) -> registry.registerBeanDefinition(
                name,
                BeanDefinitionBuilder.genericBeanDefinition(SelectionStrategy.class, () -> strategy)
                        .getBeanDefinition()));
    }
}
