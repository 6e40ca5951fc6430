package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeySecret;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One access decision: what {@code /v1/models} lists is exactly what can be called, for generated keys and every way in. */
@ExtendWith(SandboxExtension.class)
class AccessTests {

    private static final List<String> PATTERNS = List.of(
            "*", "a/*", "b/*", "*/chat", "fast", "f*", "deep*", "best", "smart", "!b/*", "!fast", "!best", "!a/chat");

    private static Gateway gateway;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.aliases.deep1=fast
                omniroute.aliases.deep2=deep1
                omniroute.aliases.deeper=smart
                omniroute.combos.mixed.targets=a/chat,b/only-b
                """);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void stopsLookingUpTheKeysOfAnAddressThatTriesManyUnknownOnesAtEitherDoor(Sandbox sandbox) {
        for (String path : List.of("/v1/models", "/actuator/info")) {
            try (Gateway strict = Gateway.start(sandbox, "omniroute.limits.unknown-keys-per-source=3")) {
                String valid = strict.key(List.of("*"), Set.of(), Set.of(ApiKey.MANAGE), null);
                for (int attempt = 0; attempt < 3; attempt++) {
                    assertThat(strict.get(path, KeySecret.generate(new SecureRandom()))
                                    .statusCode())
                            .isEqualTo(401);
                }
                HttpResponse<String> refused = strict.get(path, KeySecret.generate(new SecureRandom()));

                assertThat(refused.statusCode()).as(path).isEqualTo(429);
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
                assertThat(strict.get(path, valid).statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void listsExactlyWhatCanBeCalled() {
        Set<String> everything = names(gateway.key());
        assertThat(everything).contains("fast", "deep2", "deeper", "best", "mixed", "a/chat", "b/only-b", "a/embed");
        Random random = new Random(20261121);
        int allowed = 0;
        int refused = 0;
        for (int round = 0; round < 60; round++) {
            List<String> patterns = some(random);
            String key = gateway.key(patterns, Set.of(), Set.of(), null);
            Set<String> listed = names(key);
            for (String name : everything) {
                boolean callable = call(key, name) == 200;
                assertThat(callable).as("%s with %s", name, patterns).isEqualTo(listed.contains(name));
                assertThat(gateway.get("/v1/models/" + name, key).statusCode())
                        .as("%s with %s", name, patterns)
                        .isEqualTo(callable ? 200 : 404);
                if (name.startsWith("a/") || name.startsWith("b/")) {
                    assertThat(callThroughProvider(key, name))
                            .as("%s with %s", name, patterns)
                            .isEqualTo(callable);
                }
                allowed += callable ? 1 : 0;
                refused += callable ? 0 : 1;
            }
        }
        assertThat(allowed).isPositive();
        assertThat(refused).isPositive();
    }

    private static int call(String key, String name) {
        return name.endsWith("embed")
                ? gateway.post("/v1/embeddings", key, "{\"model\":\"" + name + "\",\"input\":\"x\"}")
                        .statusCode()
                : gateway.chat(key, name, false).statusCode();
    }

    private static boolean callThroughProvider(String key, String name) {
        String path =
                "/v1/providers/" + name.charAt(0) + (name.endsWith("embed") ? "/embeddings" : "/chat/completions");
        String model = name.substring(2);
        String body = name.endsWith("embed")
                ? "{\"model\":\"" + model + "\",\"input\":\"x\"}"
                : Gateway.chatBody(model, false);
        return gateway.post(path, key, body).statusCode() == 200;
    }

    private static List<String> some(Random random) {
        List<String> patterns = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            patterns.add(PATTERNS.get(random.nextInt(PATTERNS.size())));
        }
        return patterns;
    }

    private static Set<String> names(String key) {
        Set<String> names = new TreeSet<>();
        JsonNode list =
                JsonMapper.shared().readTree(gateway.get("/v1/models", key).body());
        list.path("data").forEach(model -> names.add(model.path("id").asString()));
        return names;
    }
}
