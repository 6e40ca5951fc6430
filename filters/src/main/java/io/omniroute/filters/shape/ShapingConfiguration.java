package io.omniroute.filters.shape;

import io.omniroute.translators.json.JsonLimits;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The policies that are asked for, and then those of the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ShapingProperties.class)
public class ShapingConfiguration {

    @Bean
    ShapeCallFilter shapeCallFilter(
            ShapingProperties settings, JsonLimits json, ObjectProvider<ShapingPolicy> further) {
        List<ShapingPolicy> policies = new ArrayList<>();
        if (settings.suffixes()) {
            policies.add(new EffortSuffix());
        }
        if (!settings.tasks().models().isEmpty()) {
            policies.add(new TaskRoute(settings.tasks(), json));
        }
        if (!settings.background().models().isEmpty()) {
            policies.add(new BackgroundWork(settings.background()));
        }
        if (!settings.thinking().mode().equals("passthrough")) {
            policies.add(new ThinkingMode(settings.thinking()));
        }
        ShapingProperties.SystemPrompt prompt = settings.systemPrompt();
        if (!prompt.before().isEmpty() || !prompt.after().isEmpty()) {
            policies.add(new SystemPrompts(prompt));
        }
        further.orderedStream().forEach(policies::add);
        return new ShapeCallFilter(policies);
    }
}
