package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.LoopsOfTheJvm;
import io.omniroute.app.support.Ports;
import io.omniroute.app.support.TestRedis;
import io.omniroute.config.CatalogProblems;
import io.omniroute.config.KeyHash;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.File;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/** A plain Spring Cloud Gateway application that adds the starters can use the stages in its own routes. */
@ExtendWith(SandboxExtension.class)
class PlainGatewayTests {

    private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";

    @Test
    void usesTheStagesInItsOwnRoute(Sandbox sandbox) throws Exception {
        try (ConfigurableApplicationContext app =
                start(sandbox, "Authenticate", "AuthorizeModel", "ModelAlias", "Combo")) {
            int port = port(app);
            assertThat(post(port, "my-own-key").statusCode()).isEqualTo(200);
            assertThat(post(port, "my-own-key").body()).contains("Hello");
            assertThat(post(port, "another-key").statusCode()).isEqualTo(401);
        }
    }

    /** It needs nothing that only the gateway's own application has. */
    @Test
    void needsTheStartersAlone(Sandbox sandbox) throws Exception {
        int port = Ports.free();
        List<String> settings =
                new ArrayList<>(settings(sandbox, List.of("Authenticate", "AuthorizeModel", "ModelAlias", "Combo")));
        settings.remove("server.port=0");
        settings.add("server.port=" + port);
        String[] arguments = settings.stream().map(setting -> "--" + setting).toArray(String[]::new);
        try (JavaProcess app = JavaProcess.startWith(
                PlainGatewayTests::isOfTheStarters, Started.class.getName(), Map.of(), arguments)) {
            app.awaitOutput("plain gateway at " + port);
            assertThat(post(port, "my-own-key").body()).contains("Hello");
            assertThat(post(port, "another-key").statusCode()).isEqualTo(401);
            assertThat(app.output()).contains("without its application: true");
        }
    }

    private static boolean isOfTheStarters(String entry) {
        return Stream.of(
                        "gateway-app" + File.separator + "target" + File.separator + "classes",
                        "omniroute-gateway-app",
                        "admin-ui",
                        "sandbox",
                        "spring-security",
                        "spring-boot-security",
                        "spring-boot-starter-security",
                        "micrometer-registry-prometheus",
                        "embedded-redis",
                        "picocli")
                .noneMatch(entry::contains);
    }

    /** Which route a call takes depends on its model, and its parts take the same one whatever they ask for. */
    @Test
    void choosesRoutesByTheModel(Sandbox sandbox) throws Exception {
        try (ConfigurableApplicationContext app =
                start(sandbox, "Authenticate", "AuthorizeModel", "ModelAlias", "Combo")) {
            int port = port(app);
            long before = sandbox.books("sandbox-plain").calls();
            assertThat(post(port, "my-own-key", "panel").statusCode()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-plain").calls())
                    .as("two and the one who sums up")
                    .isEqualTo(before + 3);
            assertThat(post(port, "my-own-key", "elsewhere").statusCode()).isEqualTo(404);
            assertThat(send(port, "my-own-key", "{\"model\":").statusCode())
                    .as("malformed")
                    .isEqualTo(404);
            assertThat(send(port, "my-own-key", body("mine/chat", "x".repeat(5_000)))
                            .statusCode())
                    .as("too large")
                    .isEqualTo(404);
            assertThat(post(port, "", "mine/chat").statusCode())
                    .as("no credential")
                    .isEqualTo(404);
        }
    }

    /** However a route is chosen, a body has the time that the settings give it. */
    @Test
    void waitsForNoSlowBodyWhereTheModelDecides(Sandbox sandbox) throws Exception {
        List<String> filters = List.of("Authenticate", "AuthorizeModel", "ModelAlias", "Combo");
        List<String> settings = new ArrayList<>(settings(sandbox, filters));
        settings.add("omniroute.limits.body-time=1s");
        for (String setting : List.copyOf(settings)) {
            if (setting.startsWith(ROUTE) && !setting.contains("RequestedModel")) {
                settings.add(setting.replace("routes[0]", "routes[1]").replace("id=ai", "id=others"));
            }
        }
        try (ConfigurableApplicationContext app = start(settings);
                Socket socket = new Socket("127.0.0.1", port(app))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer my-own-key"
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\":")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("did not arrive within 1 s");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AuthorizeModel,Combo        | has ApiFormat but not the filter Authenticate",
                "Authenticate,Combo          | has ApiFormat but not the filter AuthorizeModel",
                "Authenticate,AuthorizeModel | has ApiFormat but not the filter Combo",
                "Authenticate,AuthorizeModel,Combo,SetPath=/#{1+1} | has an expression",
                "Authenticate,AuthorizeModel,Combo,Knit=1 | has an unknown filter"
            })
    void doesNotStartWithAnOpenRoute(String filters, String message, Sandbox sandbox) {
        assertThatThrownBy(() -> start(sandbox, filters.split(",")).close())
                .rootCause()
                .hasMessageContaining(message);
    }

    /** Names of ours that mean nothing are all told at once; its own are its own, also where they are below ours. */
    @Test
    void doesNotStartWithSettingsThatMeanNothing(Sandbox sandbox) {
        List<String> settings =
                new ArrayList<>(settings(sandbox, List.of("Authenticate", "AuthorizeModel", "ModelAlias", "Combo")));
        settings.add("my.own.setting=1");
        settings.add("omniroute-mine.setting=1");
        settings.add("omniroute.mine.anything.name=Ann");
        settings.add("omniroute.mine.nobody-reads-it=1");
        try (ConfigurableApplicationContext app = start(settings, WithOwnSettings.class)) {
            assertThat(app.getBean(OwnSettings.class).getAnything()).containsEntry("name", "Ann");
        }

        settings.add("omniroute.limits.bodyy=1");
        settings.add("omniroute.limit.body=1");
        settings.add("omniroute.providers.mine.base-urll=x");
        settings.add("omniroute.cooldowns.model=soon");
        assertThatThrownBy(() -> start(settings, WithOwnSettings.class).close())
                .isInstanceOfSatisfying(
                        CatalogProblems.class,
                        failed -> assertThat(failed.problems())
                                .satisfiesExactlyInAnyOrder(
                                        name -> assertThat(name).startsWith("omniroute.limits.bodyy: is not a setting"),
                                        block -> assertThat(block).startsWith("omniroute.limit: is not a setting"),
                                        field -> assertThat(field)
                                                .startsWith("omniroute.providers.mine.base-urll: is not a setting"),
                                        value -> assertThat(value)
                                                .startsWith("omniroute.cooldowns.model: does not fit")));
        assertThatThrownBy(() -> start(settings).close())
                .as("of an application that has no such settings")
                .hasMessageContaining("omniroute.mine: is not a setting");
    }

    private static ConfigurableApplicationContext start(Sandbox sandbox, String... filters) {
        return start(settings(sandbox, List.of(filters)));
    }

    private static ConfigurableApplicationContext start(List<String> settings, Class<?>... more) {
        return new SpringApplicationBuilder(Plain.class)
                .sources(more)
                .profiles("plain")
                .properties(settings.toArray(String[]::new))
                .run();
    }

    private static int port(ConfigurableApplicationContext app) {
        return ((WebServerApplicationContext) app).getWebServer().getPort();
    }

    private static List<String> settings(Sandbox sandbox, List<String> filters) {
        List<String> settings = new ArrayList<>(List.of(
                "spring.config.name=plain",
                "spring.main.banner-mode=off",
                "logging.level.root=error",
                "server.port=0",
                "server.address=127.0.0.1",
                "omniroute.redis.url=" + TestRedis.url(),
                "omniroute.providers.mine.base-url=" + sandbox.baseUrl(),
                "omniroute.providers.mine.formats=openai-chat",
                "omniroute.providers.mine.connections.main.api-key=sandbox-plain",
                "omniroute.teams.t.models=*",
                "omniroute.teams.t.keys.k.hash=" + KeyHash.ofKey("my-own-key").written(),
                ROUTE + "id=ai",
                ROUTE + "uri=no://upstream",
                ROUTE + "predicates[0]=ApiFormat=openai-chat",
                ROUTE + "predicates[1]=RequestedModel=mine/*,panel",
                "omniroute.limits.body=4KB",
                "omniroute.combos.panel.strategy=fusion",
                "omniroute.combos.panel.targets=mine/chat,mine/other"));
        for (int i = 0; i < filters.size(); i++) {
            settings.add(ROUTE + "filters[" + i + "]=" + filters.get(i));
        }
        return settings;
    }

    private static HttpResponse<String> post(int port, String key) throws Exception {
        return post(port, key, "mine/chat");
    }

    private static HttpResponse<String> post(int port, String key, String model) throws Exception {
        return send(port, key, body(model, "Hello"));
    }

    private static String body(String model, String text) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private static HttpResponse<String> send(int port, String key, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("x-api-key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The same application in a process of its own. */
    static final class Started {

        private Started() {}

        public static void main(String[] arguments) {
            ConfigurableApplicationContext app = new SpringApplicationBuilder(Plain.class).run(arguments);
            boolean alone = !ClassUtils.isPresent("io.omniroute.app.GatewayApplication", null)
                    && !ClassUtils.isPresent("io.omniroute.admin.AdminAutoConfiguration", null);
            System.out.println("without its application: " + alone);
            System.out.println("plain gateway at "
                    + ((WebServerApplicationContext) app).getWebServer().getPort());
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration(
            excludeName = {
                "io.omniroute.admin.AdminAutoConfiguration",
                "io.omniroute.app.local.LocalAutoConfiguration",
                "io.omniroute.app.check.CheckAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration"
            })
    static class Plain extends LoopsOfTheJvm {}

    /** What an application may have of its own. */
    static class WithOwnSettings {

        @Bean
        @ConfigurationProperties("omniroute.mine")
        OwnSettings ownSettings() {
            return new OwnSettings();
        }
    }

    static class OwnSettings {

        private final Map<String, String> anything = new HashMap<>();

        public Map<String, String> getAnything() {
            return anything;
        }
    }
}
