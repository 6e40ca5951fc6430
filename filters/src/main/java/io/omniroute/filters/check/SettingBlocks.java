package io.omniroute.filters.check;

import io.omniroute.filters.admit.DrainProperties;
import io.omniroute.filters.call.CorsProperties;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.PathProperties;
import io.omniroute.filters.combo.AutoProperties;
import io.omniroute.filters.combo.BreakerProperties;
import io.omniroute.filters.combo.CooldownProperties;
import io.omniroute.filters.combo.SessionProperties;
import io.omniroute.filters.conversation.ConversationProperties;
import io.omniroute.filters.kept.KeptObjectsProperties;
import io.omniroute.filters.observe.DecisionProperties;
import io.omniroute.filters.shape.ShapingProperties;
import io.omniroute.filters.upstream.StreamProperties;
import io.omniroute.filters.upstream.UpstreamProperties;
import io.omniroute.redis.RedisProperties;
import io.omniroute.redis.secret.SecretsProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The blocks of settings below {@code omniroute}, beside the catalog.
 *
 * @param read what each block consists of; a class has {@link ConfigurationProperties} with its prefix
 * @param others prefixes below which somebody else reads settings
 */
public record SettingBlocks(List<Class<? extends Record>> read, Set<ConfigurationPropertyName> others) {

    /** Those of the starters. */
    public static final SettingBlocks OF_STARTERS = new SettingBlocks(
            List.of(
                    AutoProperties.class,
                    BreakerProperties.class,
                    ConversationProperties.class,
                    CooldownProperties.class,
                    CorsProperties.class,
                    PathProperties.class,
                    DecisionProperties.class,
                    DrainProperties.class,
                    KeptObjectsProperties.class,
                    LimitsProperties.class,
                    RedisProperties.class,
                    SecretsProperties.class,
                    SessionProperties.class,
                    ShapingProperties.class,
                    StreamProperties.class,
                    UpstreamProperties.class),
            Set.of());

    public SettingBlocks {
        read = List.copyOf(read);
        others = Set.copyOf(others);
    }

    /** One block more. */
    public SettingBlocks with(Class<? extends Record> more) {
        List<Class<? extends Record>> all = new ArrayList<>(read);
        all.add(more);
        return new SettingBlocks(all, others);
    }

    /** Leaves the settings to an application that its own {@link ConfigurationProperties} read, of which no bean is made. */
    public SettingBlocks beside(ConfigurableListableBeanFactory application) {
        Set<ConfigurationPropertyName> ours = read.stream()
                .map(SettingBlocks::prefix)
                .map(ConfigurationPropertyName::of)
                .collect(Collectors.toSet());
        Set<ConfigurationPropertyName> theirs = new TreeSet<>(others);
        for (String bean : application.getBeanDefinitionNames()) {
            Optional.ofNullable(application.findAnnotationOnBean(bean, ConfigurationProperties.class, false))
                    .map(properties -> ConfigurationPropertyName.ofIfValid(properties.prefix()))
                    .filter(prefix -> UnknownSettings.ALL.isAncestorOf(prefix) && !ours.contains(prefix))
                    .ifPresent(theirs::add);
        }
        return new SettingBlocks(read, theirs);
    }

    static String prefix(Class<? extends Record> type) {
        return type.getAnnotation(ConfigurationProperties.class).value();
    }

    /** Whether somebody else reads what is written there. */
    boolean isOfOthers(ConfigurationPropertyName name) {
        return others.stream().anyMatch(prefix -> prefix.equals(name) || prefix.isAncestorOf(name));
    }
}
