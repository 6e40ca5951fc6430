package io.omniroute.app.check;

import io.omniroute.app.local.LocalDefault;
import io.omniroute.config.CatalogProblems;
import io.omniroute.filters.check.Misfits;
import io.omniroute.redis.RedisUrl;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.redis.secret.SecretsProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;

/** Where Redis is, and what is sealed there: without these settings no command and no gateway may touch a Redis, which could be another one. */
public final class StoreCheck implements BeanFactoryPostProcessor, Ordered {

    private static final String REDIS_URL = "omniroute.redis.url";
    private static final String MASTER_KEY = "omniroute.secrets.master-key";
    private static final String FORMER_MASTER_KEYS = "omniroute.secrets.former-master-keys";

    /** By which an operator leads Boot itself to a Redis. */
    private static final List<String> OF_BOOT = Stream.of(
                    "url", "host", "sentinel.master", "cluster.nodes", "cluster.nodes[0]")
            .map(name -> "spring.data.redis." + name)
            .toList();

    private final ConfigurableEnvironment environment;

    public StoreCheck(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        List<String> problems = problems(environment);
        if (!problems.isEmpty()) {
            throw new CatalogProblems(problems);
        }
    }

    /** What is missing or wrong. */
    static List<String> problems(ConfigurableEnvironment environment) {
        List<String> problems = new ArrayList<>();
        redis(environment, problems);
        secrets(environment, problems);
        return problems;
    }

    private static void redis(ConfigurableEnvironment environment, List<String> problems) {
        String url = environment.getProperty(REDIS_URL, "");
        if (url.isBlank()) {
            if (!LocalDefault.isActive(environment) && OF_BOOT.stream().noneMatch(environment::containsProperty)) {
                problems.add(REDIS_URL + ": is missing (expected the variable REDIS_URL, such as"
                        + " rediss://user:password@host:6379/0)");
            }
            return;
        }
        try {
            RedisUrl.of(url);
        } catch (IllegalArgumentException wrong) {
            problems.add(REDIS_URL + ": " + wrong.getMessage());
        }
    }

    private static void secrets(ConfigurableEnvironment environment, List<String> problems) {
        Misfits misfits = new Misfits();
        SecretsProperties written = Binder.get(environment)
                .bindOrCreate("omniroute.secrets", Bindable.of(SecretsProperties.class), misfits);
        problems.addAll(misfits.problems());
        if (!written.masterKey().isBlank()) {
            key(MASTER_KEY, written.masterKey(), problems);
        } else if (environment.acceptsProfiles(Profiles.of("prod"))) {
            problems.add(MASTER_KEY + ": is missing (expected the variable OMNIROUTE_MASTER_KEY, 32 random bytes"
                    + " in base64, such as openssl rand -base64 32 gives)");
        }
        List<String> former = written.formerMasterKeys();
        for (int i = 0; i < former.size(); i++) {
            if (!former.get(i).isBlank()) {
                key(FORMER_MASTER_KEYS + "[" + i + "]", former.get(i), problems);
            }
        }
    }

    private static void key(String where, String key, List<String> problems) {
        MasterKeys.problem(key).ifPresent(problem -> problems.add(where + ": " + problem));
    }
}
