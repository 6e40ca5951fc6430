package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.omniroute.app.local.EmbeddedRedis;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Ports;
import io.omniroute.app.support.TestRedis;
import io.omniroute.config.KeyHash;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The default profile as a person starts it: no set-up, keys once, an embedded Redis that outlives what uses it. */
class LocalDefaultTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void startsWithoutSetUpAndKeepsItsKeysOverARestart() throws Exception {
        Path data = TestRedis.temporaryFolder("local");
        int port = Ports.free();
        String apiKey;
        try (JavaProcess first = start(data, port)) {
            first.awaitOutput("curl http://127.0.0.1:" + port + "/v1/chat/completions");
            apiKey = Files.readString(data.resolve("first-run/api-key")).strip();
            String managementKey =
                    Files.readString(data.resolve("first-run/management-key")).strip();
            assertThat(first.output()).doesNotContain(apiKey).doesNotContain(managementKey);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("first-run/api-key"))))
                    .isEqualTo("rw-------");
            assertThat(chat(port, apiKey).body()).contains("Hello!");
            assertThat(get(port, "/actuator/info", managementKey)).isEqualTo(200);
        }
        Map<String, String> declaring = new HashMap<>(environment(data, port));
        declaring.put("OMNIROUTE_TEAMS_T_KEYS_K_HASH", KeyHash.ofKey("declared").written());
        try (JavaProcess second = JavaProcess.start(GatewayApplication.class.getName(), declaring)) {
            second.awaitOutput("No keys were made, because keys are declared. One for the management API: "
                    + "bin/omniroute keys create --team ops --scopes manage");
            assertThat(chat(port, apiKey).statusCode()).isEqualTo(200);
            String runId = runId(data);
            signal("-KILL", Files.readString(data.resolve("redis/redis.pid")).strip());
            second.awaitOutput("the embedded Redis had died and was started again");
            assertThat(runId(data)).as("another server, with the same data").isNotEqualTo(runId);
            assertThat(chat(port, apiKey).statusCode()).isEqualTo(200);
            second.close();
            assertThat(second.output()).doesNotContain("curl");
        }
        int redis = redisProcess(data);
        Eventually.until("the last one out has stopped Redis", PATIENCE, () -> !isAlive(redis));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysWhyItMakesNoKeys() {
        Path data = TestRedis.temporaryFolder("keys");
        int port = Ports.free();
        JavaProcess create = JavaProcess.start(
                GatewayApplication.class.getName(),
                environment(data, port),
                "keys",
                "create",
                "--team",
                "t",
                "--models",
                "*");
        assertThat(create.awaitEnd()).as(create.output()).isZero();
        try (JavaProcess first = start(data, port)) {
            first.awaitOutput("No keys were made, because there are some already (bin/omniroute keys list shows them)."
                    + " One for the management API: bin/omniroute keys create --team ops --scopes manage");
            assertThat(first.output()).doesNotContain("curl");
        }
    }

    /** It would be sent what is meant for the sandbox. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void doesNotTakeAnotherProgramForTheSandbox() throws IOException {
        Path data = TestRedis.temporaryFolder("stranger");
        int port = Ports.free();
        HttpServer stranger = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        stranger.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.close();
        });
        stranger.start();
        String taken = Integer.toString(stranger.getAddress().getPort());
        Map<String, String> environment = new HashMap<>(environment(data, port));
        environment.put("OMNIROUTE_LOCAL_SANDBOXPORT", taken);
        try (JavaProcess gateway = JavaProcess.start(GatewayApplication.class.getName(), environment)) {
            assertThat(gateway.awaitEnd()).as(gateway.output()).isEqualTo(1);
            assertThat(gateway.output())
                    .contains("cannot listen on port " + taken)
                    .contains("omniroute.local.sandbox-port");
            JavaProcess doctor = JavaProcess.start(GatewayApplication.class.getName(), environment, "doctor");
            assertThat(doctor.awaitEnd()).as(doctor.output()).isEqualTo(1);
            assertThat(doctor.output()).contains("another program listens on its port " + taken);
        } finally {
            stranger.stop(0);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void asksForNothingThatIsNotThere() {
        Map<String, String> environment =
                new HashMap<>(environment(TestRedis.temporaryFolder("no-sandbox"), Ports.free()));
        environment.put("OMNIROUTE_LOCAL_SANDBOXPORT", "0");
        try (JavaProcess gateway = JavaProcess.start(GatewayApplication.class.getName(), environment)) {
            gateway.awaitOutput("No provider is declared that could answer a call");
            assertThat(gateway.output()).doesNotContain("sandbox/chat");
        }
        environment.putAll(environment(TestRedis.temporaryFolder("provider"), Ports.free()));
        environment.put("OMNIROUTE_LOCAL_SANDBOXPORT", "0");
        environment.put("OMNIROUTE_PROVIDERS_FAR_BASEURL", "http://127.0.0.1:1/v1");
        environment.put("OMNIROUTE_PROVIDERS_FAR_FORMATS", "openai-chat");
        try (JavaProcess gateway = JavaProcess.start(GatewayApplication.class.getName(), environment)) {
            gateway.awaitOutput("\"model\": \"far/MODEL\"");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void adoptsTheRedisThatAKilledGatewayLeftAndSharesItWithOthers() throws Exception {
        Path data = TestRedis.temporaryFolder("adopt");
        int port = Ports.free();
        JavaProcess first = start(data, port);
        first.awaitOutput("curl");
        String apiKey = Files.readString(data.resolve("first-run/api-key")).strip();
        String runId = runId(data);
        first.kill();
        doesNotStartAnotherBesideOneThatIsSlow(data);
        int otherPort = Ports.free();
        Map<String, String> sharing = new HashMap<>(environment(data, otherPort));
        sharing.put("OMNIROUTE_LOCAL_SANDBOXPORT", Integer.toString(port + 1));
        try (JavaProcess second = start(data, port);
                JavaProcess third = JavaProcess.start(GatewayApplication.class.getName(), sharing)) {
            second.awaitOutput("OmniRoute is ready at");
            third.awaitOutput("OmniRoute is ready at");
            assertThat(runId(data)).isEqualTo(runId);
            assertThat(chat(port, apiKey).statusCode()).isEqualTo(200);
            assertThat(chat(otherPort, apiKey).statusCode()).isEqualTo(200);
            JavaProcess cli = JavaProcess.start(
                    GatewayApplication.class.getName(), environment(data, port), "keys", "revoke", "default");
            assertThat(cli.awaitEnd()).as(cli.output()).isZero();
            for (int each : new int[] {port, otherPort}) {
                Eventually.until("the key is revoked", PATIENCE, () -> status(each, apiKey) == 401);
            }
        }
    }

    /** A server that reads what it has kept refuses all questions meanwhile. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void waitsUntilTheServerHasReadItsData() throws Exception {
        Path data = TestRedis.temporaryFolder("much");
        Files.createDirectories(data.resolve("redis"));
        try (Writer commands = Files.newBufferedWriter(data.resolve("redis/appendonly.aof"))) {
            for (int key = 0; key < 500_000; key++) {
                String name = Integer.toString(1_000_000 + key);
                commands.write("*3\r\n$3\r\nSET\r\n$7\r\n" + name + "\r\n$1\r\nx\r\n");
            }
        }
        EmbeddedRedis redis = EmbeddedRedis.open(data);
        RedisClient client = RedisClient.create(RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(redis.address().port())
                .withPassword(redis.address().password().toCharArray())
                .build());
        try (redis;
                StatefulRedisConnection<String, String> connection = client.connect()) {
            assertThat(connection.sync().dbsize()).isEqualTo(500_000);
        } finally {
            client.shutdown();
        }
    }

    /** Two servers on the same data would write over each other. */
    private static void doesNotStartAnotherBesideOneThatIsSlow(Path data) throws Exception {
        String server = Files.readString(data.resolve("redis/redis.pid")).strip();
        signal("-STOP", server);
        try {
            assertThatThrownBy(() -> EmbeddedRedis.open(data)).hasMessageContaining("does not answer");
        } finally {
            signal("-CONT", server);
        }
    }

    private static void signal(String name, String process) throws Exception {
        assertThat(new ProcessBuilder("kill", name, process).start().waitFor()).isZero();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void doesNotTrustAStrangerOnThePortAndStartsAnother() throws Exception {
        Path data = TestRedis.temporaryFolder("stranger");
        try (EmbeddedRedis stranger = EmbeddedRedis.open(TestRedis.temporaryFolder("other"))) {
            Path folder = Files.createDirectories(data.resolve("redis"));
            Files.writeString(
                    folder.resolve("redis.properties"),
                    "port=%d%npassword=%s%nrun-id=%s%n"
                            .formatted(
                                    stranger.address().port(),
                                    stranger.address().password(),
                                    stranger.address().runId()));
            try (EmbeddedRedis own = EmbeddedRedis.open(data)) {
                assertThat(own.address().port()).isNotEqualTo(stranger.address().port());
                assertThat(own.address().runId())
                        .isNotEqualTo(stranger.address().runId());
            }
        }
        for (String file : new String[] {"redis.properties", "redis.conf"}) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(data.resolve("redis").resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void leavesItToOneOfTwoFirstStartsToMakeTheKeys() throws Exception {
        Path data = TestRedis.temporaryFolder("race");
        int one = Ports.free();
        int two = Ports.free();
        try (JavaProcess first = start(data, one);
                JavaProcess second = start(data, two)) {
            first.awaitOutput("OmniRoute is ready at");
            second.awaitOutput("OmniRoute is ready at");
            first.close();
            second.close();
            long shown = Stream.of(first, second)
                    .filter(process -> process.output().contains("curl"))
                    .count();
            assertThat(shown).isEqualTo(1);
        }
    }

    private static JavaProcess start(Path data, int port) {
        return JavaProcess.start(GatewayApplication.class.getName(), environment(data, port));
    }

    private static Map<String, String> environment(Path data, int port) {
        // every gateway has a sandbox of its own here, so that tests do not meet on its port
        return Map.of(
                "DATA_DIR", data.toString(),
                "PORT", Integer.toString(port),
                "OMNIROUTE_REDIS_DEADLINE", "2s",
                "OMNIROUTE_LOCAL_SANDBOXPORT", Integer.toString(port + 1),
                "OMNIROUTE_LOCAL_SANDBOXCONTROLPORT", "0");
    }

    private static HttpResponse<String> chat(int port, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"sandbox/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int status(int port, String key) {
        try {
            return chat(port, key).statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static int get(int port, String path, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + key)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    private static String runId(Path data) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(data.resolve("redis/redis.properties"))) {
            properties.load(reader);
        }
        return properties.getProperty("run-id");
    }

    private static int redisProcess(Path data) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(data.resolve("redis/redis.properties"))) {
            properties.load(reader);
        }
        return Integer.parseInt(properties.getProperty("port"));
    }

    private static boolean isAlive(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
