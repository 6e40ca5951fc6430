package io.omniroute.app.cli;

import io.omniroute.app.check.StoreCheck;
import io.omniroute.app.local.LocalAutoConfiguration;
import io.omniroute.redis.RedisConfigAutoConfiguration;
import java.util.function.Function;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/** The small context of a command: the same configuration as the gateway, Redis (the embedded one too) and the catalog. */
final class CliContext {

    private static final ScopedValue<Boolean> STARTING = ScopedValue.newInstance();

    private CliContext() {}

    /** Opens the context, asks it, and closes it. */
    static <T> T with(Function<ConfigurableApplicationContext, T> question) {
        try (ConfigurableApplicationContext context = start(of(Beans.class)
                .initializers(fresh -> fresh.addBeanFactoryPostProcessor(
                        new StoreCheck((ConfigurableEnvironment) fresh.getEnvironment()))))) {
            return question.apply(context);
        }
    }

    /** Asks the settings, without starting anything. */
    static <T> T withSettings(Function<ConfigurableEnvironment, T> question) {
        try (ConfigurableApplicationContext context = start(of(Nothing.class))) {
            return question.apply(context.getEnvironment());
        }
    }

    /** Whether this thread starts a command's context, whose failures the command reports itself. */
    static boolean isStarting() {
        return STARTING.isBound();
    }

    private static SpringApplicationBuilder of(Class<?> beans) {
        return new SpringApplicationBuilder(beans)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties("logging.level.root=error");
    }

    private static ConfigurableApplicationContext start(SpringApplicationBuilder application) {
        return ScopedValue.where(STARTING, true).call(() -> application.run());
    }

    @SpringBootConfiguration
    @ImportAutoConfiguration({
        SslAutoConfiguration.class,
        LocalAutoConfiguration.class,
        RedisConfigAutoConfiguration.class,
        DataRedisAutoConfiguration.class,
        DataRedisReactiveAutoConfiguration.class
    })
    static class Beans {}

    /** The environment is all that is needed. */
    @SpringBootConfiguration
    static class Nothing {}
}
