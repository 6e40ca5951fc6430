package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.ConnectProxy;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.connection.Connections;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Accounts that are added while gateways run. */
@ExtendWith(SandboxExtension.class)
class ConnectionTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String masterKey = MasterKeys.generate();
    private Sandbox sandbox;
    private Gateway one;
    private String key;
    private String manage;

    @BeforeEach
    void start(Sandbox provider) {
        sandbox = provider;
        one = gateway(masterKey, "");
        key = one.key();
        manage = one.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
    }

    @AfterEach
    void stop() {
        one.bean(ReactiveStringRedisTemplate.class)
                .delete(RedisKeys.CONNECTION_RECORDS)
                .block(PATIENCE);
        one.close();
    }

    @Test
    void areUsedByEveryInstanceWithinASecond() {
        try (Gateway two = gateway(masterKey, "")) {
            soon(() -> two.get("/v1/models", key).statusCode() == 200);
            assertThat(one.chat(key, "vault/chat", false).statusCode()).isEqualTo(503);

            assertThat(send("POST", "/api/providers", account("first", "sandbox-vault-1", "\"priority\":2"))
                            .statusCode())
                    .isEqualTo(201);
            soon(() -> one.chat(key, "vault/chat", false).statusCode() == 200);
            soon(() -> two.chat(key, "vault/chat", false).statusCode() == 200);

            send("POST", "/api/providers", account("second", "sandbox-vault-2", "\"priority\":1"));
            soon(() -> usedBy(two).equals("sandbox-vault-2"));

            assertThat(send("DELETE", "/api/providers/vault/second", "").statusCode())
                    .isEqualTo(200);
            soon(() -> usedBy(two).equals("sandbox-vault-1"));
            assertThat(send("DELETE", "/api/providers/vault/second", "").statusCode())
                    .isEqualTo(400);
        }
    }

    /** What Redis has of them tells nobody their credentials, and lists neither. */
    @Test
    void areSealed() {
        send("POST", "/api/providers", account("first", "sandbox-vault-CANARY", "\"proxy\":\"http://u:CANARY@p:1\""));
        String stored = one.bean(ReactiveStringRedisTemplate.class)
                .<String, String>opsForHash()
                .get(RedisKeys.CONNECTION_RECORDS, "vault/first")
                .block(PATIENCE);
        assertThat(stored)
                .doesNotContain("CANARY")
                .contains("\"sealed\":\"1." + one.bean(MasterKeys.class).currentId() + ".");
        assertThat(send("GET", "/api/providers", "").body())
                .doesNotContain("CANARY")
                .contains("\"name\":\"first\"", "\"source\":\"added\"", "\"proxy\":\"p:1\"", "\"source\":\"declared\"");
    }

    /** A combo may name an account that comes later, and then calls that one alone. */
    @Test
    void mayBeNamedBeforeTheyAreThere() {
        try (Gateway two = gateway(masterKey, "omniroute.combos.pinned.targets=vault/chat@later\n")) {
            send("POST", "/api/providers", account("first", "sandbox-vault-1", "\"priority\":1"));
            send("POST", "/api/providers", account("later", "sandbox-vault-2", "\"priority\":9"));
            soon(() -> two.chat(key, "pinned", false).statusCode() == 200
                    && sandbox.books("sandbox-vault-2").calls() > 0);
            long others = sandbox.books("sandbox-vault-1").calls();
            assertThat(two.chat(key, "pinned", false).statusCode()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-vault-1").calls()).isEqualTo(others);
            assertThat(sandbox.books("sandbox-vault-2").last().body()).contains("\"model\":\"chat\"");
            // nor does it mean another one when it is gone again
            send("DELETE", "/api/providers/vault/later", "");
            soon(() -> two.chat(key, "pinned", false).statusCode() != 200);
            assertThat(two.chat(key, "pinned", false).statusCode()).isEqualTo(503);
            assertThat(sandbox.books("sandbox-vault-1").calls()).isEqualTo(others);
        }
    }

    /** Whoever declares an account of the same name later gets the declared one, and is shown why the other is not used. */
    @Test
    void giveWayToDeclaredOnes() {
        send("POST", "/api/providers", account("first", "sandbox-vault-1", ""));
        soon(() -> usedBy(one).equals("sandbox-vault-1"));
        try (Gateway two =
                gateway(masterKey, "omniroute.providers.vault.connections.first.api-key=sandbox-vault-2\n")) {
            soon(() -> usedBy(two).equals("sandbox-vault-2"));
            String listed = two.get("/api/providers", manage).body();
            assertThat(listed).containsSubsequence("\"provider\":\"vault\"", "\"source\":\"declared\"");
            assertThat(listed).contains("\"source\":\"hidden\"").doesNotContain("\"source\":\"added\"");
        }
    }

    @Test
    void areChangedAndKeepTheirCredential() {
        send("POST", "/api/providers", account("first", "sandbox-vault-1", ""));
        soon(() -> usedBy(one).equals("sandbox-vault-1"));
        assertThat(send("PUT", "/api/providers/vault/first", "{\"enabled\":false}")
                        .statusCode())
                .isEqualTo(200);
        soon(() -> one.chat(key, "vault/chat", false).statusCode() == 503);
        send("PUT", "/api/providers/vault/first", "{\"enabled\":true,\"weight\":3}");
        soon(() -> usedBy(one).equals("sandbox-vault-1"));
        send("PUT", "/api/providers/vault/first", "{\"tags\":[\"eu\"],\"rpm\":600,\"queue\":7}");
        send("PUT", "/api/providers/vault/first", "{\"priority\":2}");
        soon(() -> one.get("/api/providers", manage)
                .body()
                .contains("\"priority\":2,\"weight\":3,\"tags\":[\"eu\"],\"has_credential\":true,\"rpm\":600,"
                        + "\"min_gap_ms\":0,\"max_concurrent\":0,\"queue\":7,\"queue_time_ms\":15000"));
    }

    /** A new credential goes where the old one went; what is shown can be sent back with a change in it. */
    @Test
    void areChangedInWhatIsWrittenAndNothingElse() {
        send("POST", "/api/providers", account("first", "sandbox-vault-1", "\"header\":\"x-vault\",\"queue\":7"));
        soon(() -> one.chat(key, "vault/chat", false).statusCode() == 502);
        long before = sandbox.books("sandbox-vault-2").calls();
        send("PUT", "/api/providers/vault/first", "{\"apiKey\":\"sandbox-vault-2\"}");
        soon(() -> one.chat(key, "vault/chat", false).statusCode() == 502);
        assertThat(sandbox.books("sandbox-vault-2").calls()).isEqualTo(before);
        send("PUT", "/api/providers/vault/first", "{\"header\":\"x-api-key\"}");
        soon(() -> usedBy(one).equals("sandbox-vault-2"));
        send("PUT", "/api/providers/vault/first", "{\"header\":\"\",\"has_credential\":true,\"max_concurrent\":4}");
        soon(() -> one.get("/api/providers", manage).body().contains("\"max_concurrent\":4,\"queue\":7"));
        assertThat(usedBy(one)).isEqualTo("sandbox-vault-2");
        send(
                "POST",
                "/api/providers",
                account("far", "x", "\"enabled\":false,\"proxy\":\"http://me:secret@localhost:9\""));
        soon(() -> one.get("/api/providers", manage).body().contains("\"name\":\"far\""));
        for (JsonNode shown : JsonMapper.shared()
                .readTree(one.get("/api/providers", manage).body())
                .path("connections")) {
            if (shown.path("name").asString().equals("far")) {
                ((ObjectNode) shown).put("priority", 9);
                assertThat(send("PUT", "/api/providers/vault/far", shown.toString())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
        soon(() -> one.bean(Connections.class).list().block(Duration.ofSeconds(2)).stream()
                .anyMatch(listed -> listed.connection().priority() == 9
                        && listed.connection().proxy().orElseThrow().value().contains("me:secret@")));
        HttpResponse<String> misspelled = send("PUT", "/api/providers/vault/first", "{\"max-concurrent\":4}");
        assertThat(misspelled.statusCode()).isEqualTo(400);
        assertThat(misspelled.body()).contains("nothing is called max-concurrent", "maxConcurrent");
    }

    @Test
    void areRefusedWithWhatIsWrong() {
        assertThat(send("POST", "/api/providers", account("first", "sandbox-vault-1", ""))
                        .statusCode())
                .isEqualTo(201);
        for (String[] wrong : new String[][] {
            {account("first", "x", ""), "already"},
            {"{\"provider\":\"a\",\"name\":\"main\",\"apiKey\":\"x\"}", "already"},
            {account("bad id", "x", ""), "letters, digits"},
            {account("second", "x", "\"weight\":-1"), "weight: is negative"},
            {account("second", "x", "\"proxy\":\"ftp://p\""), "not a URL"},
            {"{\"provider\":\"nobody\",\"name\":\"x\"}", "there is no provider nobody"},
            {"{\"provider\":\"vault\",\"name\":\"x\",\"header\":\"x-key\"}", "there is no api-key to put into it"},
            {"{\"provider\":\"vault\",\"name\":\"x\",\"api-key\":\"y\"}", "nothing is called api-key"},
            {"{\"name\":\"x\"}", "'provider' and 'name' are required"},
        }) {
            HttpResponse<String> refused = send("POST", "/api/providers", wrong[0]);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains(wrong[1]);
        }
        assertThat(one.send(one.request("/api/providers", key).GET().build()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void cannotBeAddedWithoutAMasterKey() {
        try (Gateway without = gateway("", "")) {
            HttpResponse<String> refused = without.send(without.request("/api/providers", manage)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(account("first", "sandbox-vault-1", "")))
                    .build());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("OMNIROUTE_MASTER_KEY");
        }
    }

    /** A new master key: both are known for a while, everything is sealed anew, and the old one is not needed any more. */
    @Test
    void areSealedAnewWithAnotherMasterKey() {
        send("POST", "/api/providers", account("first", "sandbox-vault-1", ""));
        String next = MasterKeys.generate();
        try (Gateway stranger = gateway(next, "")) {
            soon(() -> stranger.get("/v1/models", key).statusCode() == 200);
            assertThat(stranger.chat(key, "vault/chat", false).statusCode())
                    .as("what cannot be opened is not used")
                    .isEqualTo(503);
        }
        try (Gateway both = gateway(next, "omniroute.secrets.former-master-keys=" + masterKey)) {
            soon(() -> both.chat(key, "vault/chat", false).statusCode() == 200);
            assertThat(both.bean(Connections.class).sealAnew().block(PATIENCE)).isEqualTo(1);
            assertThat(both.bean(Connections.class).sealAnew().block(PATIENCE)).isZero();
        }
        try (Gateway after = gateway(next, "")) {
            soon(() -> after.chat(key, "vault/chat", false).statusCode() == 200);
        }
    }

    /** Two who change the same account do not undo each other's changes. */
    @Test
    void areChangedByOneAfterTheOther() {
        send("POST", "/api/providers", account("first", "sandbox-vault-1", ""));
        Connections connections = one.bean(Connections.class);
        Flux.range(0, 20)
                .flatMap(i -> connections.enable("vault", "first", i % 2 == 0).onErrorComplete(), 8)
                .then(connections.enable("vault", "first", true))
                .block(PATIENCE);
        Eventually.until(
                "it is as the last one said",
                Duration.ofSeconds(3),
                () -> usedBy(one).equals("sandbox-vault-1"));
        assertThat(send("PUT", "/api/providers/vault/nobody", "{\"enabled\":true}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void goThroughTheirOwnProxy() {
        try (ConnectProxy proxy = ConnectProxy.to(URI.create(sandbox.baseUrl()).getPort())) {
            send(
                    "POST",
                    "/api/providers",
                    account(
                            "first",
                            "sandbox-vault-1",
                            "\"proxy\":\"" + proxy.url().replace("127.0.0.1", "localhost") + "\""));
            soon(() -> usedBy(one).equals("sandbox-vault-1"));
            assertThat(one.chat(key, "a/chat", false).statusCode()).isEqualTo(200);
            assertThat(proxy.asked()).isNotEmpty().allMatch(line -> line.startsWith("CONNECT 127.0.0.1:"));
            send("DELETE", "/api/providers/vault/first", "");
        }
    }

    /** Whoever manages accounts must not reach what only the gateway can. */
    @Test
    void useNoPrivateProxyThatIsNotListed() {
        try (ConnectProxy proxy = ConnectProxy.to(URI.create(sandbox.baseUrl()).getPort())) {
            String written = account("first", "sandbox-vault-1", "\"proxy\":\"" + proxy.url() + "\"");
            HttpResponse<String> refused = send("POST", "/api/providers", written);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("private address").contains("omniroute.upstream.run-time-proxies");
            send("POST", "/api/providers", account("first", "sandbox-vault-1", ""));
            assertThat(send("PUT", "/api/providers/vault/first", "{\"proxy\":\"" + proxy.url() + "\"}")
                            .statusCode())
                    .isEqualTo(400);
            soon(() -> one.chat(key, "vault/chat", false).statusCode() == 200);
            send("DELETE", "/api/providers/vault/first", "");

            // added where it was listed; what counts is what the gateway lists that is to use it
            try (Gateway trusting = gateway(masterKey, "omniroute.upstream.run-time-proxies=127.0.0.1")) {
                HttpResponse<String> added = trusting.send(trusting.request("/api/providers", manage)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(written))
                        .build());
                assertThat(added.statusCode()).isEqualTo(201);
            }
            soon(() -> one.chat(key, "vault/chat", false).statusCode() == 502);
            assertThat(one.chat(key, "vault/chat", false).body())
                    .contains("not open")
                    .doesNotContain("private")
                    .doesNotContain("127.0.0.1");
            assertThat(proxy.asked()).isEmpty();
            assertThat(send("GET", "/api/providers", "").body())
                    .containsOnlyOnce("\"proxy_refused\":\"the proxy 127.0.0.1:")
                    .contains("only if omniroute.upstream.run-time-proxies lists it");
            send("DELETE", "/api/providers/vault/first", "");
        }
    }

    @Test
    void areChosenByTheirTags() {
        send("POST", "/api/providers", account("first", "sandbox-vault-1", ""));
        send("POST", "/api/providers", account("second", "sandbox-vault-2", "\"priority\":9,\"tags\":[\"eu\",\"x\"]"));
        soon(() -> usedBy(one).equals("sandbox-vault-1"));
        soon(() -> tagged("eu").statusCode() == 200);
        long before = sandbox.books("sandbox-vault-2").calls();
        long ofTheOther = sandbox.books("sandbox-vault-1").calls();
        assertThat(tagged("x, eu").statusCode()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-vault-2").calls()).isEqualTo(before + 1);
        assertThat(sandbox.books("sandbox-vault-1").calls()).isEqualTo(ofTheOther);
        HttpResponse<String> refused = tagged("us");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("no_tagged_account", "us");
        assertThat(refused.headers().firstValue("x-omniroute-recovery-action")).hasValue("switch-combo");
    }

    /** A change is known within a second, and seen a little later. */
    private static void soon(BooleanSupplier condition) {
        Eventually.until("the change is known", Duration.ofSeconds(10), condition);
    }

    private HttpResponse<String> tagged(String tags) {
        return one.send(one.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-OmniRoute-Tags", tags)
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("vault/chat", false)))
                .build());
    }

    /** The credential that a call uses. */
    private String usedBy(Gateway gateway) {
        long before1 = sandbox.books("sandbox-vault-1").calls();
        long before2 = sandbox.books("sandbox-vault-2").calls();
        gateway.chat(key, "vault/chat", false);
        return sandbox.books("sandbox-vault-1").calls() > before1
                ? "sandbox-vault-1"
                : sandbox.books("sandbox-vault-2").calls() > before2 ? "sandbox-vault-2" : "";
    }

    private static String account(String name, String credential, String more) {
        return "{\"provider\":\"vault\",\"name\":\"" + name + "\",\"apiKey\":\"" + credential + "\""
                + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return one.send(method, path, manage, body);
    }

    private Gateway gateway(String master, String more) {
        return Gateway.start(sandbox, """
                omniroute.secrets.master-key=%s
                omniroute.providers.vault.base-url=%s
                omniroute.providers.vault.formats=openai-chat
                omniroute.providers.vault.models.chat.operations=chat
                omniroute.upstream.run-time-proxies=localhost
                %s
                """.formatted(master, sandbox.baseUrl(), more));
    }
}
