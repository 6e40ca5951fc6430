package io.omniroute.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A running sandbox: the provider's API on one loopback port, its control on another. Started with {@link #start}, ended
 * with {@link #close}. Thread-safe.
 */
public final class Sandbox implements AutoCloseable {

    private static final int MOST_KEYS = 1_000;

    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<String, Books> books = new ConcurrentHashMap<>();
    private final Map<String, Deque<String>> scripts = new ConcurrentHashMap<>();
    private final DisposableServer api;
    private final DisposableServer control;

    private Sandbox(int port, int controlPort) {
        api = HttpServer.create()
                .host(HOST)
                .port(port)
                .handle(new SandboxApi(this)::handle)
                .bindNow();
        try {
            control = HttpServer.create()
                    .host(HOST)
                    .port(controlPort)
                    .handle(new SandboxControl(this)::handle)
                    .bindNow();
        } catch (RuntimeException taken) {
            api.disposeNow();
            throw taken;
        }
    }

    /**
     * Starts a sandbox.
     *
     * @param port the port of the API; 0 for any free one
     * @param controlPort the port of the control; 0 for any free one
     */
    public static Sandbox start(int port, int controlPort) {
        return new Sandbox(port, controlPort);
    }

    /**
     * Whether what listens on a port of this machine is a sandbox's API, perhaps another process's. Blocks for up to two seconds; whatever
     * else listens there is asked for its models, without anything that is anybody's.
     */
    public static boolean isAt(int port) {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + port + SandboxApi.MODELS))
                            .header("Authorization", "Bearer " + SandboxApi.KEY_PREFIX + "probe")
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return new String(body.readNBytes(SandboxApi.MODEL_LIST.length()), StandardCharsets.UTF_8)
                        .equals(SandboxApi.MODEL_LIST);
            }
        } catch (IOException other) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The port of the API. */
    public int port() {
        return api.port();
    }

    /** The port of the control. */
    public int controlPort() {
        return control.port();
    }

    /** What a provider's base URL is set to. */
    public String baseUrl() {
        return "http://" + HOST + ":" + port() + "/v1";
    }

    /** The books of a key, empty ones if it was never seen; of more keys than anybody needs none are kept. */
    public Books books(String key) {
        Books known = books.get(key);
        return known == null && books.size() >= MOST_KEYS
                ? new Books()
                : known == null ? books.computeIfAbsent(key, k -> new Books()) : known;
    }

    /** The books of all keys. */
    public Map<String, Books> books() {
        return Map.copyOf(books);
    }

    /**
     * Answers the next calls of a key by these steps, each written like a model's behaviours, or as a whole answer or a stream that is
     * sent as it is; then as usual.
     */
    public void script(String key, String... steps) {
        script(key, Arrays.asList(steps));
    }

    /** Answers the next calls of a key by these steps. */
    public void script(String key, List<String> steps) {
        scripts.put(key, new ArrayDeque<>(steps));
    }

    /** Forgets all books and scripts. */
    public void forget() {
        books.clear();
        scripts.clear();
    }

    Optional<String> nextStep(String key) {
        Deque<String> steps = scripts.get(key);
        if (steps == null) {
            return Optional.empty();
        }
        synchronized (steps) {
            return Optional.ofNullable(steps.poll());
        }
    }

    @Override
    public void close() {
        api.disposeNow();
        control.disposeNow();
    }
}
