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

    private CliContext() {}

    /** Opens the context, asks it, and closes it. */
    static <T> T with(Function<ConfigurableApplicationContext, T> question) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Beans.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties("logging.level.root=error")
                .initializers(fresh -> fresh.addBeanFactoryPostProcessor(
                        new StoreCheck((ConfigurableEnvironment) fresh.getEnvironment())))
                .run()) {
            return question.apply(context);
        }
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
}
