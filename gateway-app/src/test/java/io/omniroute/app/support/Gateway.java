package io.omniroute.app.support;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.omniroute.app.GatewayApplication;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.config.ModelPatterns;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A gateway on a real port, with a real Redis and the sandbox as provider. The usual one has three providers on the same
 * sandbox, {@code a}, {@code b} and {@code c}, and is shared by all tests that need nothing else.
 */
public final class Gateway implements AutoCloseable {

    /** The credential that the gateway uses at its providers. */
    public static final String CONNECTION_KEY = "sandbox-CANARY-connection";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final ConfigurableApplicationContext context;
    private final String base;

    private Gateway(ConfigurableApplicationContext context) {
        this.context = context;
        this.base = "http://127.0.0.1:"
                + ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    /**
     * Starts a gateway with these settings, written as properties, over the usual ones.
     *
     * @param more beans that it has beside its own
     */
    public static Gateway start(Sandbox sandbox, String settings, Class<?>... more) {
        Map<String, Object> all = new LinkedHashMap<>(usual(sandbox));
        settings.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int equals = line.indexOf('=');
            all.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        });
        return new Gateway(new SpringApplicationBuilder(GatewayApplication.class, LoopsOfTheJvm.class)
                .sources(more)
                .profiles("test")
                .listeners((ApplicationPreparedEvent prepared) -> ErrorLogs.listen())
                .run(all.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new)));
    }

    /** Starts the usual gateway. */
    public static Gateway start(Sandbox sandbox) {
        return start(sandbox, "");
    }

    private static Map<String, Object> usual(Sandbox sandbox) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("PORT", "0");
        settings.put("REDIS_URL", TestRedis.url());
        // a pause of a busy machine is not a Redis that is away
        settings.put("omniroute.redis.deadline", "2s");
        settings.put("logging.level.io.omniroute.app.GatewayApplication", "warn");
        for (String provider : List.of("a", "b", "c")) {
            String prefix = "omniroute.providers." + provider + ".";
            settings.put(prefix + "base-url", sandbox.baseUrl());
            settings.put(prefix + "formats", "openai-chat");
            settings.put(prefix + "connections.main.api-key", CONNECTION_KEY + "-" + provider);
        }
        settings.put("omniroute.providers.a.models.chat.operations", "chat");
        settings.put("omniroute.providers.a.models.embed.operations", "embeddings");
        settings.put("omniroute.providers.b.models.chat.operations", "chat");
        settings.put("omniroute.providers.b.models.only-b.operations", "chat");
        // tests share accounts and models, and one test's failures must not be another one's
        settings.put("omniroute.cooldowns.enabled", "false");
        settings.put("omniroute.breakers.enabled", "false");
        settings.put("omniroute.aliases.fast", "a/chat");
        settings.put("omniroute.aliases.smart", "best");
        settings.put("omniroute.combos.best.targets", "a/chat,b/chat");
        return settings;
    }

    /** A new key that may call everything. */
    public String key() {
        return key(List.of("*"), Set.of(), Set.of(), null);
    }

    /** A new key. */
    public String key(List<String> models, Set<String> endpoints, Set<String> scopes, Instant expires) {
        String secret = KeySecret.generate(new SecureRandom());
        KeyHash hash = KeyHash.ofKey(secret);
        ApiKey key = new ApiKey(
                "test-" + hash.hex().substring(0, 8),
                hash,
                "org",
                "team",
                ModelPatterns.of(models),
                endpoints,
                scopes,
                expires,
                true);
        // a machine that stalls for a moment opens the breaker around Redis, which closes again by itself
        Mono.defer(() -> bean(ApiKeyStore.class)
                        .put(key)
                        .then(bean(ApiKeys.class).refresh()))
                .retryWhen(Retry.fixedDelay(40, Duration.ofMillis(100))
                        .filter(CallNotPermittedException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()))
                .block(Duration.ofSeconds(10));
        return secret;
    }

    /** A bean of the gateway. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The gateway's context. */
    public ConfigurableApplicationContext context() {
        return context;
    }

    /** Scheme, host and port. */
    public String base() {
        return base;
    }

    /** A request to a path, with a key. */
    public HttpRequest.Builder request(String path, String key) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    /** Posts JSON and waits for the whole answer. */
    public HttpResponse<String> post(String path, String key, String body) {
        return send(request(path, key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Asks for a chat of one message. */
    public HttpResponse<String> chat(String key, String model, boolean stream) {
        return post("/v1/chat/completions", key, chatBody(model, stream));
    }

    /** The body of such a request. */
    public static String chatBody(String model, boolean stream) {
        return "{\"model\":\"" + model + "\"," + (stream ? "\"stream\":true," : "")
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}";
    }

    /** Sends JSON, or nothing where the body is empty. */
    public HttpResponse<String> send(String method, String path, String key, String body) {
        return send(request(path, key)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Gets a path. */
    public HttpResponse<String> get(String path, String key) {
        return send(request(path, key).GET().build());
    }

    /** Sends any request. */
    public HttpResponse<String> send(HttpRequest request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Sends any request. */
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Sends any request; the client leaves when the future is cancelled. */
    public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        var client = context.getBean(reactor.netty.http.client.HttpClient.class);
        context.close();
        // a pool looks after its connections for as long as the process lives, and keeps all that its client knows
        client.configuration().connectionProvider().disposeLater().block(Duration.ofSeconds(10));
    }
}
