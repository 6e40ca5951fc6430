package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Ports;
import io.omniroute.app.support.TestRedis;
import io.omniroute.config.KeyHash;
import io.omniroute.redis.secret.MasterKeys;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: keys without a running gateway, and everything that is wrong at once. */
class CommandLineTests {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void createsListsAndRevokesKeysWithoutARunningGateway() {
        Path data = TestRedis.temporaryFolder("cli");
        JavaProcess create =
                run(data, "keys", "create", "--team", "search", "--models", "fast,anthropic/*", "--id", "ci");
        assertThat(create.awaitEnd()).as(create.output()).isZero();
        assertThat(create.output()).containsPattern("sk-omni-[0-9A-Za-z]{38}\n");
        JavaProcess again = run(data, "keys", "create", "--team", "search", "--models", "x", "--id", "ci");
        assertThat(again.awaitEnd()).isEqualTo(1);
        assertThat(again.output()).contains("there is a key ci already");
        assertThat(run(data, "keys", "revoke", "ci").awaitEnd()).isZero();
        Map<String, String> declared = Map.of(
                "DATA_DIR",
                data.toString(),
                "OMNIROUTE_TEAMS_INDEX_MODELS",
                "*",
                "OMNIROUTE_TEAMS_INDEX_KEYS_WRITTEN_HASH",
                KeyHash.ofKey("written").written());
        String main = GatewayApplication.class.getName();
        assertThat(JavaProcess.start(main, declared, "keys", "revoke", "index.written")
                        .awaitEnd())
                .isZero();
        JavaProcess list = JavaProcess.start(main, declared, "keys", "list");
        assertThat(list.awaitEnd()).isZero();
        assertThat(list.output())
                .containsPattern("ci +search +revoked +never +fast,anthropic/\\*")
                .containsPattern("written +index +revoked");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysWhatIsWrongWithItsUse() {
        Path data = TestRedis.temporaryFolder("cli-use");
        JavaProcess unknown = run(data, "keys", "revoke", "nobody");
        assertThat(unknown.awaitEnd()).isEqualTo(1);
        assertThat(unknown.output()).contains("there is no key nobody").doesNotContain("\tat ");
        assertThat(run(data, "keys", "create").awaitEnd()).isEqualTo(2);
        assertThat(run(data, "keys", "create", "--team", "x").awaitEnd()).isEqualTo(1);
        assertThat(run(data, "keys", "create", "--team", "x", "--models", "*", "--expires", "soon")
                        .awaitEnd())
                .isEqualTo(2);
        assertThat(run(data, "keys", "create", "--team", "x", "--models", "*", "--expires", "2020-01-01")
                        .awaitEnd())
                .isEqualTo(2);
        assertThat(run(data, "keys", "create", "--team", "x", "--models", "").awaitEnd())
                .isEqualTo(2);
        assertThat(run(data, "keys", "create", "--team", "x", "--models", "* , ! x/*")
                        .awaitEnd())
                .isEqualTo(2);
        JavaProcess broken = run(data, "keys", "create", "--team", "x\ny", "--models", "*");
        assertThat(broken.awaitEnd()).isEqualTo(2);
        assertThat(broken.output()).contains("--team must be 1 to 64 letters").contains("Usage: omniroute keys create");
        assertThat(run(data, "--help").awaitEnd()).isZero();
        JavaProcess mistyped = run(data, "key", "list");
        assertThat(mistyped.awaitEnd()).isEqualTo(2);
        assertThat(mistyped.output()).contains("'key'");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void checksTheWholeConfigurationAtOnceWithoutShowingValues() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SPRING_PROFILES_ACTIVE", "prod");
        environment.put("REDIS_URL", "ftp://user:CANARY-password@host");
        environment.put("OMNIROUTE_MASTER_KEY", "CANARY-password");
        environment.put("OMNIROUTE_PROVIDERS_OPENAI_BASEURL", "not a url");
        environment.put("OMNIROUTE_PROVIDERS_OPENAI_FORMATS", "opnai-chat");
        environment.put("OMNIROUTE_PROVIDERS_OPENAI_CONNECTIONS_MAIN_APIKEY", "${NOT_SET_ANYWHERE}");
        environment.put("OMNIROUTE_COMBOS_BEST_TARGETS", "nobody/gpt");
        environment.put("OMNIROUTE_COMBOS_BEST_STRATEGY", "roulette");
        environment.put("OMNIROUTE_COMBOS_BEST_MODE", "hasty");
        environment.put("OMNIROUTE_COMBOS_BEST_TASK", "knitting");
        environment.put("OMNIROUTE_AUTO_MODES_MINE_SPEED", "1");
        environment.put("OMNIROUTE_DRAIN_TIME", "60s");
        environment.put("OMNIROUTE_LIMITS_BODYY", "CANARY-password");
        environment.put("OMNIROUTE_ALIASES_A", "b");
        environment.put("OMNIROUTE_ALIASES_B", "a");
        JavaProcess check = JavaProcess.start(GatewayApplication.class.getName(), environment, "config", "check");
        assertThat(check.awaitEnd()).isEqualTo(1);
        assertThat(check.output())
                .contains("omniroute.redis.url: is not a Redis URL")
                .contains("omniroute.secrets.master-key: is not a key (expected 32 random bytes")
                .contains("omniroute.providers.openai.base-url: is not an http or https URL")
                .contains("unknown format \"opnai-chat\" (expected one of: openai-chat, anthropic-messages,")
                .contains("needs the variable NOT_SET_ANYWHERE, which is not set")
                .contains("\"nobody/gpt\" does not begin with a provider")
                .contains("unknown strategy \"roulette\"")
                .contains("unknown mode \"hasty\" (expected one of: ")
                .contains("unknown task \"knitting\" (expected one of: chat, coding,")
                .contains("omniroute.auto.modes.mine has unknown factors: speed")
                .contains("omniroute.drain: announce and time together take 65 s (expected less than")
                .contains("omniroute.aliases.a: leads back to itself")
                .contains("the variable OMNIROUTE_LIMITS_BODYY: is not a setting")
                .doesNotContain("CANARY-password");
    }

    /** What would be read as something else, or as nothing, is said. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void findsNamesThatWouldNotBeRead() throws IOException {
        Path folder = TestRedis.temporaryFolder("config");
        Files.writeString(folder.resolve("application.yml"), """
                omniroute:
                  aliases: { "claude-*": p/m, "[gpt-*]": p/m }
                  providers:
                    p:
                      base-url: http://127.0.0.1:1/v1
                      formats: [openai-chat]
                      conections: { main: { api-key: CANARY-key } }
                      models:
                        gpt-5.1: { operations: [chat] }
                        "[gpt-5.2]": { operations: [chat], facts: { context-window: 1000 } }
                  combos:
                    c: { targets: [{ model: p/m, wieght: 3 }] }
                    d: { targets: [p/m, { model: p/n, weight: 2 }, p/o] }
                    e: { targets: [{ model: p/m, weight: 3 }], hedge-after: "${NOT_SAID:}" }
                """);
        Path nearer = Files.createDirectory(folder.resolve("nearer"));
        Files.writeString(
                nearer.resolve("application.yml"), "omniroute.combos: { d.targets: [p/m, p/n], e.targets: [p/m] }\n");
        JavaProcess check = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of("SPRING_CONFIG_ADDITIONAL_LOCATION", folder.toUri() + "," + nearer.toUri()),
                "config",
                "check");
        assertThat(check.awaitEnd()).isEqualTo(1);
        assertThat(check.output())
                .contains("omniroute.aliases.claude-*: has a name with special characters")
                .contains("omniroute.providers.p.conections.main.api-key: is not a setting")
                .contains("omniroute.providers.p.models.gpt-5.1.operations[0]: is not a setting")
                .contains("omniroute.combos.c.targets[0].wieght: is not a setting")
                .doesNotContain("gpt-5.2", "omniroute.combos.d", "omniroute.combos.e", "CANARY");
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(
            strings = {
                "http://gw:1",
                "http://gw:1/",
                "http://gw:1/v1",
                "http://gw:1/v1/v1/",
                "http://gw:1/api/v1",
                "http://gw:1/v1beta"
            })
    void printsWhatAClientNeedsWithExactlyOneVersion(String url) {
        JavaProcess config = JavaProcess.start(
                GatewayApplication.class.getName(), Map.of(), "config", "codex", "--url", url, "--model", "fast");
        assertThat(config.awaitEnd()).isZero();
        assertThat(config.output()).contains("base_url = \"http://gw:1/v1\"").contains("model = \"fast\"");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void mergesIntoAClientsOwnFileAndLeavesEverythingElse() throws IOException {
        Path home = TestRedis.temporaryFolder("home");
        Path opencode = file(home, ".config/opencode/opencode.json", """
                {
                  // my own provider
                  "provider": {
                    "mine": { "npm": "x", "options": { "baseURL": "http://mine" } }, // stays
                  },
                  "model": "mine/one", /* was this */
                  "theme": "dark",
                }
                """);
        Path codex = file(home, ".codex/config.toml", """
                # my settings
                model = "gpt-5" # the old one
                approval_policy = "never"

                [model_providers."omniroute"] # mine
                base_url = "http://old/v1"
                query_params = { a = "b" }

                # about the profile

                [profiles.mine]
                model = "o3"
                """);
        Path env = file(home, ".gemini/.env", "GEMINI_API_KEY=sk-mine\nexport GEMINI_MODEL=old\nOTHER=1\n");
        Path claude = file(home, ".claude/settings.json", """
                { "env": { "ANTHROPIC_AUTH_TOKEN": "sk-mine" }, "permissions": { "allow": ["Bash(ls:*)"] } }
                """);
        Path more = file(
                home, ".continue/config.yaml", "name: me\r\nmodels: # all\r\n\r\n- name: Mine\r\n  provider: x\r\n");
        for (String client : List.of("opencode", "codex", "gemini-cli", "claude-code", "continue")) {
            JavaProcess config = JavaProcess.start(
                    List.of(),
                    GatewayApplication.class.getName(),
                    Map.of("HOME", home.toString()),
                    "config",
                    client,
                    "--write",
                    "--url",
                    "http://gw:1/v1/",
                    "--model",
                    "fast");
            assertThat(config.awaitEnd()).as(config.output()).isZero();
            assertThat(config.output()).contains("merged into");
        }
        assertThat(opencode)
                .content()
                .contains(
                        "// my own provider",
                        "\"mine\": { \"npm\": \"x\"",
                        "// stays",
                        "/* was this */",
                        "\"theme\": \"dark\"")
                .contains("\"model\": \"omniroute/fast\"", "\"baseURL\" : \"http://gw:1/v1\"");
        assertThat(codex)
                .content()
                .contains(
                        "# my settings",
                        "approval_policy = \"never\"",
                        "query_params = ",
                        "# about the profile",
                        "[profiles.mine]\nmodel = \"o3\"")
                .contains("model = \"fast\"", "base_url = \"http://gw:1/v1\"")
                .doesNotContain("http://old");
        assertThat(env)
                .content()
                .contains(
                        "GEMINI_API_KEY=sk-mine",
                        "GEMINI_MODEL=fast",
                        "OTHER=1",
                        "GOOGLE_GEMINI_BASE_URL=http://gw:1\n")
                .doesNotContain("GEMINI_MODEL=old");
        assertThat(home.resolve(".gemini/settings.json")).content().contains("gemini-api-key");
        assertThat(claude)
                .content()
                .contains(
                        "\"ANTHROPIC_AUTH_TOKEN\": \"sk-mine\"",
                        "Bash(ls:*)",
                        "\"ANTHROPIC_BASE_URL\": \"http://gw:1\"");
        assertThat(more)
                .content()
                .contains("models: # all\r\n- name: OmniRoute\r\n  provider: openai\r\n", "- name: Mine");
        write(home, "continue", "smart");
        assertThat(more)
                .content()
                .contains("model: smart")
                .doesNotContain("model: fast")
                .contains("- name: Mine");
        Path claw = file(home, ".openclaw/openclaw.json", """
                { "models": { "providers": { "omniroute": { "models": [ { "id": "smart", "contextWindow": 200000 } ] } } } }
                """);
        write(home, "openclaw", "fast");
        write(home, "openclaw", "fast");
        assertThat(claw)
                .content()
                .containsOnlyOnce("\"fast\",")
                .contains("{ \"id\": \"smart\", \"contextWindow\": 200000 }");
        Files.delete(more);
        write(home, "continue", "fast");
        assertThat(more).content().contains("version: 1.0.0", "name: OmniRoute", "model: fast");
        file(home, ".config/opencode/opencode.json", "{ not json");
        JavaProcess refused = JavaProcess.start(
                List.of(),
                GatewayApplication.class.getName(),
                Map.of("HOME", home.toString()),
                "config",
                "opencode",
                "--write");
        assertThat(refused.awaitEnd()).isNotZero();
        assertThat(refused.output()).contains("was left as it is").doesNotContain("\tat ");
        assertThat(opencode).content().isEqualTo("{ not json");
        Path commented = Files.move(opencode, opencode.resolveSibling("opencode.jsonc"));
        Files.writeString(commented, "{\n  // mine\n  \"theme\": \"dark\",\n}\n");
        JavaProcess merged = JavaProcess.start(
                List.of(),
                GatewayApplication.class.getName(),
                Map.of("HOME", home.toString()),
                "config",
                "opencode",
                "--write");
        assertThat(merged.awaitEnd()).as(merged.output()).isZero();
        assertThat(commented).content().contains("// mine", "\"theme\": \"dark\"", "\"omniroute\"");
        assertThat(opencode).doesNotExist();
    }

    /** What is printed is of the gateway that would be started here. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void pointsClientsAtTheGatewayOfThisEnvironment() {
        JavaProcess config =
                JavaProcess.start(GatewayApplication.class.getName(), Map.of("PORT", "4000"), "config", "codex");
        assertThat(config.awaitEnd()).isZero();
        assertThat(config.output()).contains("base_url = \"http://127.0.0.1:4000/v1\"");
        JavaProcess unknown =
                JavaProcess.start(GatewayApplication.class.getName(), Map.of("PORT", "0"), "config", "codex");
        assertThat(unknown.awaitEnd()).isEqualTo(1);
        assertThat(unknown.output()).contains("server.port is \"0\"").contains("--url");
    }

    private static void write(Path home, String client, String model) {
        JavaProcess config = JavaProcess.start(
                List.of(),
                GatewayApplication.class.getName(),
                Map.of("HOME", home.toString()),
                "config",
                client,
                "--write",
                "--model",
                model);
        assertThat(config.awaitEnd()).as(config.output()).isZero();
    }

    private static Path file(Path home, String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"cline | Base URL: http://gw:1/v1", "cursor | Base URL: http://gw:1/v1"})
    void printsWhatIsTypedIntoAClient(String client, String line) {
        JavaProcess config = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of(),
                "config",
                client,
                "--url",
                "http://gw:1/v1/",
                "--model",
                "fast");
        assertThat(config.awaitEnd()).isZero();
        assertThat(config.output()).contains(line).containsPattern("[Mm]odel.*: +fast\n");
        JavaProcess refused = JavaProcess.start(
                GatewayApplication.class.getName(), Map.of(), "config", client, "--write", "--model", "fast");
        assertThat(refused.awaitEnd()).as(refused.output()).isNotZero();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void addsListsAndRemovesConnectionsWithoutARunningGateway() {
        Path data = TestRedis.temporaryFolder("cli-connections");
        String[] add = {"connections", "add", "sandbox/second", "--priority", "3", "--weight", "2", "--tags", "eu,slow"
        };
        JavaProcess added = run(data, add).type("sandbox-CANARY-second\n");
        assertThat(added.awaitEnd()).as(added.output()).isZero();
        assertThat(added.output()).contains("sandbox/second is added").doesNotContain("CANARY");
        JavaProcess again = run(data, add).type("sandbox-CANARY-second\n");
        assertThat(again.awaitEnd()).as(again.output()).isEqualTo(1);
        assertThat(run(data, "connections", "disable", "sandbox/second").awaitEnd())
                .isZero();
        JavaProcess list = run(data, "connections", "list");
        assertThat(list.awaitEnd()).isZero();
        assertThat(list.output())
                .containsPattern("sandbox/main +declared +enabled +0 +1")
                .containsPattern("sandbox/second +added +disabled +3 +2 +eu,slow")
                .doesNotContain("CANARY");
        JavaProcess elsewhere = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of("DATA_DIR", data.toString(), "OMNIROUTE_MASTER_KEY", MasterKeys.generate()),
                "connections",
                "list");
        assertThat(elsewhere.awaitEnd()).isZero();
        assertThat(elsewhere.output())
                .containsPattern("sandbox/main +declared +enabled")
                .containsPattern("sandbox/second +added +sealed.*with another master key");
        JavaProcess sealed = run(data, "connections", "re-encrypt");
        assertThat(sealed.awaitEnd()).isZero();
        assertThat(sealed.output()).contains("0 connections are sealed anew");
        assertThat(run(data, "connections", "remove", "sandbox/second").awaitEnd())
                .isZero();
        JavaProcess gone = run(data, "connections", "remove", "sandbox/second");
        assertThat(gone.awaitEnd()).as(gone.output()).isEqualTo(1);
        JavaProcess wrong = run(data, "connections", "add", "second");
        assertThat(wrong.type("x\n").awaitEnd()).isEqualTo(2);
        assertThat(wrong.output()).contains("\"second\" is not the name of a connection");
        JavaProcess inside = run(data, "connections", "add", "sandbox/inside", "--proxy", "http://10.0.0.1:3128");
        assertThat(inside.type("x\n").awaitEnd()).isEqualTo(1);
        assertThat(inside.output()).contains("private address").contains("omniroute.upstream.run-time-proxies");
        JavaProcess allowed = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of("DATA_DIR", data.toString(), "OMNIROUTE_UPSTREAM_RUNTIMEPROXIES", "10.0.0.0/8"),
                "connections add sandbox/inside --proxy http://10.0.0.1:3128".split(" "));
        assertThat(allowed.type("x\n").awaitEnd()).as(allowed.output()).isZero();
        JavaProcess unused = run(data, "connections", "list");
        assertThat(unused.awaitEnd()).isZero();
        assertThat(unused.output())
                .containsPattern(
                        "sandbox/inside +added +enabled .*not used here: the proxy 10.0.0.1:3128 has a private");
    }

    /** What is meant for another Redis must not get into the one that happens to be here. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void makesNoKeysWhereNobodySaysWhereTheyGo() {
        JavaProcess create = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of("SPRING_PROFILES_ACTIVE", "prod"),
                "keys",
                "create",
                "--team",
                "x",
                "--models",
                "*");
        assertThat(create.awaitEnd()).isEqualTo(1);
        assertThat(create.output())
                .startsWith("omniroute: the configuration has ")
                .containsOnlyOnce("omniroute.redis.url: is missing")
                .doesNotContain("APPLICATION FAILED")
                .doesNotContain("sk-omni-")
                .doesNotContain("\tat ");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void doesNotStartInProductionWhileAnythingIsMissing() {
        JavaProcess start = JavaProcess.start(
                GatewayApplication.class.getName(), Map.of("SPRING_PROFILES_ACTIVE", "prod", "PORT", "0"));
        assertThat(start.awaitEnd()).isEqualTo(1);
        assertThat(start.output())
                .contains("omniroute.redis.url: is missing")
                .contains("omniroute.secrets.master-key: is missing")
                .contains("omniroute.providers: is missing")
                .doesNotContain("sk-omni-");
    }

    /** Every problem of every part at once, and no value that might be a secret. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void namesAllProblemsAtOnce() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SPRING_PROFILES_ACTIVE", "prod");
        environment.put("PORT", "70000");
        environment.put("MANAGEMENT_ENDPOINTS_WEB_BASEPATH", "/v1/manage");
        environment.put("REDIS_URL", "redis://:100%xCANARY@h");
        environment.put("OMNIROUTE_MASTER_KEY", MasterKeys.generate());
        environment.put("OMNIROUTE_CA_BUNDLE", "no/such/file.pem");
        environment.put("HTTPS_PROXY", "http://CANARY:CANARY");
        environment.put("OMNIROUTE_LIMITS_BODY", "CANARY");
        environment.put("OMNIROUTE_LIMITS_CALLS", "-1");
        environment.put("OMNIROUTE_COOLDOWNS_MODEL", "-2s");
        environment.put("OMNIROUTE_SHAPING_THINKING_MODE", "hard");
        environment.put("OMNIROUTE_REDIS_SSLBUNDLE", "missing");
        environment.put("SERVER_SSL_BUNDLE", "own");
        environment.put("SPRING_SSL_BUNDLE_PEM_OWN_KEYSTORE_CERTIFICATE", "file:/no/such/certificate.pem");
        environment.put("OMNIROUTE_PROVIDERS_A_FORMATS", "opnai-chat");
        environment.put("OMNIROUTE_PROVIDERS_A_DEADLINES_IDLE", "0s");
        environment.put("OMNIROUTE_PROVIDERS_A_ACCOUNTSSTICKY", "CANARY");
        environment.put("OMNIROUTE_PROVIDERS_A_HEADERS_X", "${CANARY_UNSET}");
        environment.put("OMNIROUTE_PROVIDERS_A_HEADERS_HOST", "other");
        JavaProcess start = JavaProcess.start(GatewayApplication.class.getName(), environment);
        assertThat(start.awaitEnd()).isEqualTo(1);
        assertThat(start.output().replace("\\\"", "\""))
                .contains("server.port: is not a port")
                .contains("management.endpoints.web.base-path: is below the API")
                .contains("omniroute.redis.url: has a % in its user or password")
                .contains("omniroute.upstream.ca-bundle: no/such/file.pem cannot be read")
                .contains("omniroute.upstream.https-proxy: it is not a URL")
                .contains("omniroute.limits.body: does not fit (expected a value for DataSize)")
                .contains("omniroute.limits.calls: is -1 (expected 0 or more)")
                .contains("omniroute.cooldowns.model: is PT-2S (expected 0 or more)")
                .contains("omniroute.shaping.thinking.mode: is \"hard\" (expected one of: passthrough")
                .contains("omniroute.redis.ssl-bundle: there is no bundle \"missing\"")
                .contains("server.ssl.bundle: the bundle \"own\" cannot be read: ")
                .contains("unknown format \"opnai-chat\"")
                .contains("omniroute.providers.a.base-url: is missing")
                .contains("omniroute.providers.a.deadlines.idle: is PT0S (expected more than 0)")
                .contains("omniroute.providers.a.accounts-sticky: does not fit")
                .contains("omniroute.providers.a.headers.x: needs the variable CANARY_UNSET")
                .contains("omniroute.providers.a.headers.host: is a header that the gateway sets itself")
                .doesNotContain("xCANARY")
                .doesNotContain("CANARY:")
                .doesNotContain("100%")
                .doesNotContain("\tat ");
    }

    /** What the image is built from is there for whoever builds it. */
    @Test
    void theImageGetsWhatItIsBuiltFrom() throws IOException {
        List<String> given = Files.readAllLines(Path.of("../.dockerignore"));
        List<String> copied = Files.readAllLines(Path.of("../Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY ") && !line.contains("--from"))
                .map(line -> line.split(" ")[1])
                .toList();
        assertThat(copied).contains("bin/aot-cache");
        assertThat(copied).allSatisfy(source -> {
            assertThat(given)
                    .anyMatch(line -> line.startsWith("!")
                            && FileSystems.getDefault()
                                    .getPathMatcher("glob:" + line.substring(1))
                                    .matches(Path.of(source.replace("omniroute-gateway-app-*", "x"))));
        });
    }

    /** The run that the cache is made by gets an answer to all of its calls, and comes to its end. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theCacheOfTheImageCanBeMade() throws Exception {
        Path folder = TestRedis.temporaryFolder("aot");
        Path jar = folder.resolve("gateway.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, GatewayApplication.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        // a cache is made of jars alone, and the classes here are in folders
        Path java = Files.writeString(folder.resolve("java"), """
                #!/bin/sh

                echo x > "${1#*=}"
                shift
                exec '%s/bin/java' -XX:TieredStopAtLevel=1 -Djunit.jupiter.extensions.autodetection.enabled=false "$@"
                """.formatted(System.getProperty("java.home")));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        int port = Ports.free();
        ProcessBuilder script = new ProcessBuilder(
                        "bash",
                        Path.of("../bin/aot-cache").toRealPath().toString(),
                        jar.toString(),
                        folder.resolve("cache").toString(),
                        java.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        script.environment().keySet().removeIf(name -> !List.of("PATH", "HOME").contains(name));
        script.environment()
                .putAll(Map.of(
                        "AOT_PORT",
                        Integer.toString(port),
                        "AOT_ROUNDS",
                        "1",
                        "OMNIROUTE_LOCAL_SANDBOXPORT",
                        Integer.toString(Ports.free()),
                        "OMNIROUTE_LOCAL_SANDBOXCONTROLPORT",
                        "0"));
        Process making = script.start();
        try {
            assertThat(making.waitFor(300, TimeUnit.SECONDS))
                    .as(Files.readString(folder.resolve("output")))
                    .isTrue();
        } finally {
            making.destroy();
        }
        assertThat(making.exitValue())
                .as(Files.readString(folder.resolve("output")))
                .isZero();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void looksAfterItself() {
        Path data = TestRedis.temporaryFolder("doctor");
        JavaProcess doctor = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of(
                        "DATA_DIR", data.toString(),
                        "HTTPS_PROXY", "http://127.0.0.1:9",
                        "OMNIROUTE_PROVIDERS_FAR_BASEURL", "https://api.example.com/v1",
                        "OMNIROUTE_PROVIDERS_FAR_FORMATS", "openai-chat"),
                "doctor");
        assertThat(doctor.awaitEnd()).as(doctor.output()).isZero();
        assertThat(doctor.output())
                .contains("ok Java")
                .contains("ok configuration")
                .contains("ok Redis answers")
                .contains("provider far is behind a proxy")
                .contains("the sandbox, which runs inside the gateway");
    }

    /** What is at the sandbox's port is the sandbox only where there is one. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void looksForEveryProviderInProduction() {
        String port = Integer.toString(Ports.free());
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SPRING_PROFILES_ACTIVE", "prod");
        environment.put("REDIS_URL", TestRedis.url());
        environment.put("OMNIROUTE_MASTER_KEY", MasterKeys.generate());
        environment.put("OMNIROUTE_LOCAL_SANDBOXPORT", port);
        environment.put("OMNIROUTE_PROVIDERS_NEAR_BASEURL", "http://127.0.0.1:" + port + "/v1");
        environment.put("OMNIROUTE_PROVIDERS_NEAR_FORMATS", "openai-chat");
        JavaProcess doctor = JavaProcess.start(GatewayApplication.class.getName(), environment, "doctor");
        assertThat(doctor.awaitEnd()).as(doctor.output()).isEqualTo(1);
        assertThat(doctor.output()).contains("provider near cannot be reached").doesNotContain("sandbox");
    }

    /** A file that cannot be read is shown by nobody, because a secret may stand in it. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysWhatIsWrongLineByLine() throws IOException {
        String main = GatewayApplication.class.getName();
        JavaProcess doctor = JavaProcess.start(main, Map.of("PORT", "x", "OMNIROUTE_MASTER_KEY", "CANARY"), "doctor");
        assertThat(doctor.awaitEnd()).isEqualTo(1);
        assertThat(doctor.output().lines())
                .contains("FAIL configuration")
                .anyMatch(line -> line.startsWith("     - omniroute.secrets.master-key: is not a key"))
                .anyMatch(line -> line.startsWith("     - server.port: is not a port"));
        Path folder = TestRedis.temporaryFolder("unreadable");
        Files.writeString(folder.resolve("application.yml"), "a: 1\nb: { api-key: CANARY-key }}\n");
        JavaProcess list = JavaProcess.start(
                main, Map.of("SPRING_CONFIG_ADDITIONAL_LOCATION", folder.toUri().toString()), "keys", "list");
        assertThat(list.awaitEnd()).isEqualTo(1);
        assertThat(list.output())
                .startsWith("omniroute: a configuration file is no YAML that can be read in line 2")
                .hasLineCount(1)
                .doesNotContain("CANARY");
    }

    /** Without a JDK the words of who looks for one are the last. */
    @Test
    void leavesItToItsHelperToSayThatThereIsNoJdk() throws Exception {
        Path root = TestRedis.temporaryFolder("no-jdk");
        Path command = file(root, "bin/omniroute", Files.readString(Path.of("../bin/omniroute")));
        file(root, "gateway-app/target/omniroute-gateway-app-0-exec.jar", "");
        Path helper = file(root, "mvnw", "#!/bin/sh\necho 'found none' >&2\nexit 1\n");
        assertThat(command.toFile().setExecutable(true) && helper.toFile().setExecutable(true))
                .isTrue();
        Path output = root.resolve("output");
        Process run = new ProcessBuilder(command.toString(), "keys", "list")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(1);
        assertThat(output).content().endsWith("found none\n").doesNotContain("not found");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void startsInProductionWithNothingEmbedded() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SPRING_PROFILES_ACTIVE", "prod");
        environment.put("REDIS_URL", TestRedis.url());
        environment.put("OMNIROUTE_MASTER_KEY", "CANARYCANARYCANARYCANARYCANARYCANARYCANARYC=");
        environment.put("PORT", "0");
        environment.put("OMNIROUTE_PROVIDERS_OPENAI_BASEURL", "https://api.openai.com/v1");
        environment.put("OMNIROUTE_PROVIDERS_OPENAI_FORMATS", "openai-chat");
        environment.put("OMNIROUTE_PROVIDERS_OPENAI_CONNECTIONS_MAIN_APIKEY", "${OPENAI_API_KEY}");
        environment.put("OPENAI_API_KEY", "CANARY-openai");
        environment.put("OMNIROUTE_DRAIN_ANNOUNCE", "0s");
        try (JavaProcess gateway = JavaProcess.start(GatewayApplication.class.getName(), environment)) {
            gateway.awaitOutput("Started GatewayApplication");
            assertThat(gateway.output().lines()).allMatch(line -> line.startsWith("{"));
            assertThat(gateway.output())
                    .doesNotContain("sandbox")
                    .doesNotContain("sk-omni")
                    .doesNotContain("CANARY");
        }
    }

    private static JavaProcess run(Path data, String... arguments) {
        return JavaProcess.start(GatewayApplication.class.getName(), Map.of("DATA_DIR", data.toString()), arguments);
    }
}
