package io.omniroute.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.filters.autoconfigure.FiltersAutoConfiguration;
import io.omniroute.redis.secret.MasterKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Names in the settings that mean nothing are found before anybody calls. */
class ConfigurationCheckTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "omniroute.shaping.tasks.models.coding | p/m | ''",
                "omniroute.shaping.tasks.models.coding | nobody/m | omniroute.shaping.tasks.models.coding: \"nobody/m\" is no model, alias or combo",
                "omniroute.shaping.tasks.models.knitting | p/m | omniroute.shaping.tasks.models.knitting: unknown task (expected one of: chat, coding, reasoning, vision)",
                "omniroute.shaping.tasks.models.fast | p/m | omniroute.shaping.tasks.models.fast: unknown task",
                "omniroute.combos.c.task | fast | ''",
                "omniroute.combos.c.fall-back-on | upgrade-required | omniroute.combos.c.fall-back-on: unknown kind of error \"upgrade-required\" (expected one of: invalid-request, context-too-long, content-policy, not-found, conflict, too-large, unsupported-media-type, unprocessable, rate-limited, upstream-error, upstream-auth, upstream-quota, overloaded, timeout)",
                "omniroute.shaping.background.models.[p/*] | fsat | omniroute.shaping.background.models.p/*: \"fsat\" is no model, alias or combo",
                "omniroute.combos.c.judge | auto | omniroute.combos.c.judge: \"auto\" is a combo (expected provider/model)",
                "omniroute.combos.c.mode | hasty | omniroute.combos.c.mode: unknown mode \"hasty\" (expected one of: ",
                "omniroute.combos.c.mode | ship-fast | ''",
                "omniroute.combos.c.mode | quality | ''",
                "omniroute.teams.t.models | '*,! p/*' | omniroute.teams.t.models: ",
                "omniroute.teams.t.models | '!p/*' | omniroute.teams.t.models: only denies",
                "omniroute.providers.p.paths.chat | v2/chat | omniroute.providers.p.paths.chat: is \"v2/chat\"",
                "omniroute.providers.p.paths.chat | /v2/{x} | omniroute.providers.p.paths.chat: is \"/v2/{x}\"",
                "omniroute.providers.p.paths.chat | /v2/chat | ''",
                "omniroute.providers.p.connections.main.header | X Api Key | omniroute.providers.p.connections.main.header: is not",
                "server.address | no.such.host.invalid | server.address: \"no.such.host.invalid\" is no address",
                "server.address | 127.0.0.1 | ''",
                "management.server.port | 99999 | management.server.port: is not a port",
                "management.server.port | -1 | ''",
                "omniroute.local.sandbox-port | 99999 | omniroute.local.sandbox-port: is no port",
                "omniroute.breakers.failures | 0 | omniroute.breakers.failures: is 0",
                "omniroute.breakers.failures | 100000 | omniroute.breakers.failures: is 100000",
                "omniroute.breakers.reset | 0s | omniroute.breakers.reset: is 0",
                "omniroute.redis.deadline | 0s | omniroute.redis.deadline: is 0",
                "omniroute.limits.connections | 0 | omniroute.limits.connections: is 0",
                "omniroute.limits.sse-event | 4GB | omniroute.limits.sse-event: is",
                "omniroute.limits.body-time | 0s | omniroute.limits.body-time: is 0",
                "spring.cloud.gateway.server.webflux.routes[0].order | first | spring.cloud.gateway.server.webflux.routes[0].order: does not fit (expected a value for int)",
                "spring.cloud.gateway.server.webflux.routes[0].predicates[0].args | none | spring.cloud.gateway.server.webflux.routes[0].predicates[0].args: does not fit (expected a value for Map)",
                "omniroute.limits.bodyy | 1MB | omniroute.limits.bodyy: is not a setting",
                "omniroute.drain.tiem | 1s | omniroute.drain.tiem: is not a setting",
                "omniroute.limit.body | 1MB | omniroute.limit: is not a setting (expected one of: aliases, auto, ",
                "omniroute.provider.p.base-url | http://127.0.0.1:1 | omniroute.provider: is not a setting",
                "omniroute.providerobjects.keep | 1h | ''",
                "omniroute.aliases.gpt-5.1 | p/m | ''",
                "omniroute.typo | 1 | omniroute.typo: is not a setting",
                "omniroute.providers.p.models[0] | m | omniroute.providers.p.models[0]: does not fit (expected settings of its own",
                "omniroute.secrets.former-master-keys | zz | omniroute.secrets.former-master-keys[0]: is not a key",
                "omniroute.cors.allowed-origins | foo | omniroute.cors.allowed-origins: \"foo\" is no origin",
                "omniroute.cors.allowed-origins | http://x/ | omniroute.cors.allowed-origins: \"http://x/\" is no origin",
                "omniroute.cors.allowed-origins | 'http://my_x:3000,app://-,https://[::1]:8443,*' | ''",
                "omniroute.shaping.background.models.[claude-haiku-*] | p/m | ''",
                "omniroute.auto.modes.mine.latency | 0.5 | ''",
                "omniroute.redis.url | redis://:it's@localhost | ''"
            })
    void findsNamesThatMeanNothing(String name, String value, String problem) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "omniroute.redis.url", "redis://localhost",
                "omniroute.providers.p.base-url", "http://127.0.0.1:1/v1",
                "omniroute.providers.p.formats", "openai-chat",
                "omniroute.providers.p.models.m.operations", "chat",
                "omniroute.providers.p.connections.main.api-key", "x",
                "omniroute.combos.c.targets", "p/m,p/n"));
        settings.put(name, value);
        List<String> problems = problems(settings);
        if (problem.isEmpty()) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().startsWith(problem);
        }
    }

    /** Only the default profile brings along what is needed; another name for production is no way around it. */
    @ParameterizedTest
    @CsvSource({"production, false", "'default,mine', true"})
    void missesWhatNobodyBringsAlong(String profiles, boolean good) {
        StandardEnvironment environment = environment(Map.of());
        environment.setActiveProfiles(profiles.split(","));
        List<String> problems = new ConfigurationCheck(environment, FiltersAutoConfiguration.STRATEGIES).problems();
        if (good) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems)
                    .satisfiesExactly(
                            redis -> assertThat(redis).startsWith("omniroute.redis.url: is missing"),
                            providers -> assertThat(providers).startsWith("omniroute.providers: is missing"));
        }
    }

    @Test
    void namesEveryMasterKeyThatIsNone() {
        assertThat(problems(Map.of(
                        "omniroute.secrets.master-key",
                        "CANARY",
                        "omniroute.secrets.former-master-keys",
                        MasterKeys.generate() + ",CANARY")))
                .satisfiesExactly(
                        own -> assertThat(own).startsWith("omniroute.secrets.master-key: is not a key"),
                        former ->
                                assertThat(former).startsWith("omniroute.secrets.former-master-keys[1]: is not a key"))
                .noneMatch(problem -> problem.contains("CANARY"));
    }

    @Test
    void namesAllThatIsWrongWithAKey() {
        assertThat(problems(Map.of(
                        "omniroute.teams.t.keys.k.hash", "abc",
                        "omniroute.teams.t.keys.k.scopes", "admin",
                        "omniroute.teams.t.keys.k.expires", "soon")))
                .satisfiesExactly(
                        hash -> assertThat(hash).startsWith("omniroute.teams.t.keys.k.hash: is not a hash"),
                        expires -> assertThat(expires).startsWith("omniroute.teams.t.keys.k.expires: is \"soon\""),
                        scope -> assertThat(scope).contains("unknown scope of key t.k \"admin\""));
    }

    /** What does not fit hides nothing else: not of its own block, nor behind it in a list. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "omniroute.limits.calls=x; omniroute.limits.tools=y; omniroute.limits.sse-event=4GB; omniroute.limits.body-time=0s; omniroute.limits.streams=-1"
                        + " | omniroute.limits.calls: does not fit; omniroute.limits.tools: does not fit; omniroute.limits.sse-event: is; omniroute.limits.body-time: is 0; omniroute.limits.streams: is -1",
                "omniroute.upstream.continuations=x; omniroute.upstream.https-proxy=ftp://CANARY; omniroute.upstream.http-proxy=ftp://CANARY"
                        + " | omniroute.upstream.continuations: does not fit; omniroute.upstream.https-proxy: it is; omniroute.upstream.http-proxy: it is",
                "omniroute.auto.exploration=x; omniroute.auto.modes.mine.speed=1; omniroute.auto.modes.other.haste=1; omniroute.auto.modes.other.latency=-1; omniroute.combos.c.mode=mine; omniroute.combos.c.targets=p/m"
                        + " | omniroute.auto.exploration: does not fit; omniroute.auto.modes.mine has unknown factors: speed; omniroute.auto.modes.other has unknown factors: haste; omniroute.auto.modes.other.latency: is -1.0",
                "omniroute.auto.modes.mine.latency=x; omniroute.auto.modes.mine.cost=-1"
                        + " | omniroute.auto.modes.mine.latency: does not fit; omniroute.auto.modes.mine.cost: is -1.0",
                "omniroute.shaping.compression=x; omniroute.shaping.suffixes=y; omniroute.shaping.thinking.mode=hard; omniroute.shaping.tasks.models.knitting=p/m; omniroute.shaping.background.models.x=nobody"
                        + " | omniroute.shaping.compression: does not fit; omniroute.shaping.suffixes: does not fit; omniroute.shaping.thinking.mode: is; omniroute.shaping.tasks.models.knitting: unknown task; omniroute.shaping.background.models.x: ",
                "omniroute.drain.announce=x; omniroute.drain.time=60s"
                        + " | omniroute.drain.announce: does not fit; omniroute.drain: announce and time together take 60 s",
                "omniroute.breakers.enabled=x; omniroute.breakers.degraded=y; omniroute.breakers.failures=0; omniroute.breakers.reset=0s"
                        + " | omniroute.breakers.enabled: does not fit; omniroute.breakers.degraded: does not fit; omniroute.breakers.failures: is 0; omniroute.breakers.reset: is 0",
                "omniroute.redis.deadline=0s; omniroute.redis.api-keys.max-staleness=x; omniroute.redis.api-keys.on-redis-failure=y"
                        + " | omniroute.redis.deadline: is 0; omniroute.redis.api-keys.max-staleness: does not fit; omniroute.redis.api-keys.on-redis-failure: does not fit",
                "omniroute.local.sandbox-port=x; omniroute.local.sandbox-control-port=99999"
                        + " | omniroute.local.sandbox-port: does not fit; omniroute.local.sandbox-control-port: is no port",
                "omniroute.providers.p.accounts-sticky=x; omniroute.providers.p.deadlines.idle=y; omniroute.providers.p.deadlines.stream=0s; omniroute.providers.p.connections.main.weight=z; omniroute.providers.p.connections.main.rpm=-1; omniroute.providers.p.formats=none"
                        + " | omniroute.providers.p.accounts-sticky: does not fit; omniroute.providers.p.deadlines.idle: does not fit; omniroute.providers.p.deadlines.stream: is; omniroute.providers.p.connections.main.weight: does not fit; omniroute.providers.p.connections.main.rpm: is; omniroute.providers.p.formats: unknown format",
                "omniroute.providers.p.base-url=http://[; omniroute.providers.p.formats=none"
                        + " | omniroute.providers.p.base-url: ; omniroute.providers.p.formats: unknown format",
                "omniroute.combos.c.targets[0].model=p/m; omniroute.combos.c.targets[0].weight=x; omniroute.combos.c.targets[1].model=p/m; omniroute.combos.c.targets[1].weight=y; omniroute.combos.c.targets[2].model=nobody/m"
                        + " | omniroute.combos.c.targets[0].weight: does not fit; omniroute.combos.c.targets[1].weight: does not fit; omniroute.combos.c.targets",
                "#[0].order=x; #[0].id=a; #[0].predicates[0]=nothing; #[0].predicates[1]=none; #[0].predicates[2]=ApiFormat=openai-chat; #[0].filters[0]=Authenticate; #[0].filters[1]=Combo; #[1].id=b; #[1].order=y"
                        + " | #[0].order: does not fit; #[0].predicates[0]: does not fit; #[0].predicates[1]: does not fit; #[1].order: does not fit; route \"a\" has ApiFormat but not the filter AuthorizeModel",
                "#[0].id=a; #[0].predicates[0]=ApiFormat=openai-chatt; #[0].predicates[1]=Methd=GET; #[0].filters[0]=Authenticat; #[0].filters[1]=AuthorizeModel; #[0].filters[2]=Combo; #[0].filters[3]=CircuitBreaker=x; #[0].filters[4]=StripPrefix=1; #[1].id=b; #[1].predicates[0]=RequestedModel=gpt-*; #[1].predicates[1]=Path=/x"
                        + " | route \"a\" has an unknown filter \"Authenticat\"; route \"a\" has ApiFormat with an unknown name \"openai-chatt\" (expected a format: ; route \"a\" has an unknown predicate \"Methd\"; route \"a\" has ApiFormat but not the filter Authenticate; route \"b\" has RequestedModel, which never"
            })
    void namesAllAtOnce(String written, String expected) {
        String routes = "spring.cloud.gateway.server.webflux.routes";
        Map<String, Object> settings = new HashMap<>(Map.of(
                "omniroute.redis.url", "redis://localhost",
                "omniroute.providers.p.base-url", "http://127.0.0.1:1/v1",
                "omniroute.providers.p.formats", "openai-chat",
                "omniroute.providers.p.models.m.operations", "chat",
                "omniroute.providers.p.connections.main.api-key", "x"));
        for (String setting : written.replace("#", routes).split("; ")) {
            settings.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        List<String> problems = new ArrayList<>(problems(settings));
        String all = String.join("\n", problems);
        for (String start : expected.replace("#", routes).split("; ")) {
            assertThat(problems).as("%s in\n%s", start, all).anyMatch(problem -> problem.startsWith(start));
            problems.remove(problems.stream()
                    .filter(problem -> problem.startsWith(start))
                    .findFirst()
                    .orElseThrow());
        }
        assertThat(problems).as("said beside in\n%s", all).isEmpty();
        assertThat(all).doesNotContain("CANARY");
    }

    private static List<String> problems(Map<String, Object> settings) {
        return new ConfigurationCheck(environment(settings), FiltersAutoConfiguration.STRATEGIES).problems();
    }

    private static StandardEnvironment environment(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("spring.lifecycle.timeout-per-shutdown-phase", "45s");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", all));
        return environment;
    }
}
