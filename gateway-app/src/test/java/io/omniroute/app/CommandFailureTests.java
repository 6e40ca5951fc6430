package io.omniroute.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Ports;
import io.omniroute.app.support.RedisServers;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What commands say of a Redis, or of what is in it, that they cannot use. */
class CommandFailureTests {

    @Test
    void saysWhichServerIsNotTrusted() {
        try (RedisServers redis = RedisServers.standalone(true)) {
            JavaProcess doctor = run(redis, "key-1", "doctor");
            assertThat(doctor.awaitEnd()).as(doctor.output()).isEqualTo(1);
            assertThat(doctor.output().lines())
                    .anyMatch(line -> line.startsWith("FAIL Redis answers - no: Unable to connect to 127.0.0.1")
                            && line.contains("the server's certificate is signed by nobody who is trusted"))
                    .noneMatch(line -> line.contains("takes writes"));
        }
    }

    @Test
    void namesTheServerThatDoesNotAnswer() {
        int nobody = Ports.free();
        JavaProcess list = JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of(
                        "SPRING_PROFILES_ACTIVE", "test",
                        "REDIS_URL", "redis://:CANARY-password@127.0.0.1:" + nobody,
                        "OMNIROUTE_PROVIDERS_A_BASEURL", "http://127.0.0.1:9/v1",
                        "OMNIROUTE_PROVIDERS_A_FORMATS", "openai-chat"),
                "keys",
                "list");
        assertThat(list.awaitEnd()).as(list.output()).isEqualTo(1);
        assertThat(list.output())
                .contains("Redis does not answer")
                .contains("127.0.0.1")
                .contains(Integer.toString(nobody))
                .doesNotContain("CANARY");
    }

    @Test
    void namesTheAccountWhoseKeyIsNotKnown() {
        try (RedisServers redis = RedisServers.standalone(false)) {
            JavaProcess added =
                    run(redis, "key-1", "connections", "add", "a/second").type("a-credential\n");
            assertThat(added.awaitEnd()).as(added.output()).isZero();
            JavaProcess sealed = run(redis, "key-2", "connections", "re-encrypt");
            assertThat(sealed.awaitEnd()).as(sealed.output()).isEqualTo(1);
            assertThat(sealed.output())
                    .contains("the connection a/second cannot be opened: it is sealed with the master key");
        }
    }

    private static JavaProcess run(RedisServers redis, String masterKey, String... command) {
        byte[] key =
                (masterKey + "-0123456789012345678901234567").substring(0, 32).getBytes(US_ASCII);
        return JavaProcess.start(
                GatewayApplication.class.getName(),
                Map.of(
                        "SPRING_PROFILES_ACTIVE", "test",
                        "REDIS_URL", redis.url(),
                        "OMNIROUTE_MASTER_KEY", Base64.getEncoder().encodeToString(key),
                        "OMNIROUTE_PROVIDERS_A_BASEURL", "http://127.0.0.1:9/v1",
                        "OMNIROUTE_PROVIDERS_A_FORMATS", "openai-chat"),
                command);
    }
}
