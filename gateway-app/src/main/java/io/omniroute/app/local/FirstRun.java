package io.omniroute.app.local;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.config.ModelPatterns;
import io.omniroute.redis.apikey.ApiKeyStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * On the first start makes an API key and a management key. A person at a terminal is shown each once; where the output goes
 * to a file, which is a log, they are put into files that only the owner can read, and the output says where.
 */
final class FirstRun implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String API_KEY = "api-key";
    private static final String MADE = "keys-made";

    private final ApiKeyStore store;
    private final CatalogSource catalog;
    private final LocalProperties local;
    private final Terminal terminal;
    private volatile Disposable later = Disposables.disposed();

    FirstRun(ApiKeyStore store, CatalogSource catalog, LocalProperties local, Terminal terminal) {
        this.store = store;
        this.catalog = catalog;
        this.local = local;
        this.terminal = terminal;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        String base = baseUrl(ready);
        String api = KeySecret.generate(new SecureRandom());
        String management = KeySecret.generate(new SecureRandom());
        List<ApiKey> first = List.of(
                key("default", api, ModelPatterns.of(List.of("*")), Set.of()),
                key("management", management, ModelPatterns.of(List.of()), Set.of(ApiKey.MANAGE)));
        Boolean made = null;
        try {
            made = catalog.current().keys().isEmpty() && made(first);
        } catch (RuntimeException away) {
            terminal.out()
                    .println("OmniRoute listens at " + base
                            + "/v1, but Redis does not answer yet; the first keys are made when it does");
            later = Mono.fromCallable(() -> made(first))
                    .subscribeOn(Schedulers.boundedElastic())
                    .retryWhen(
                            Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(10)))
                    .subscribe(late -> tell(late, base, api, management));
        }
        if (made != null) {
            tell(made, base, api, management);
        }
    }

    private void tell(boolean made, String base, String api, String management) {
        terminal.out().println(made ? welcome(base, api, management) : "OmniRoute is ready at " + base + "/v1");
        Collection<ApiKey> declared = catalog.current().keys().values();
        if (!declared.isEmpty()) {
            tellOnce("No keys were made, because keys are declared." + hint(declared));
        } else if (made) {
            isFirst(MADE);
        } else if (!Files.exists(folder().resolve(MADE)) && !Files.exists(folder().resolve(API_KEY))) {
            tellOnce("No keys were made, because there are some already (bin/omniroute keys list shows them)."
                    + hint(there()));
        }
    }

    private void tellOnce(String what) {
        if (isFirst("no-keys-made")) {
            terminal.out().println(what);
        }
    }

    private static String hint(Collection<ApiKey> keys) {
        boolean managed = keys.stream().anyMatch(key -> key.has(ApiKey.MANAGE) && key.active());
        return managed ? "" : " One for the management API: bin/omniroute keys create --team ops --scopes manage";
    }

    private Collection<ApiKey> there() {
        List<ApiKey> all = store.list()
                .collectList()
                .timeout(PATIENCE)
                .onErrorReturn(List.of())
                .block();
        return all == null ? List.of() : all;
    }

    /** What is said once leaves a mark where the first keys would be; where none can be left, it is said again. */
    private boolean isFirst(String mark) {
        try {
            Files.createFile(Files.createDirectories(folder()).resolve(mark));
            return true;
        } catch (FileAlreadyExistsException said) {
            return false;
        } catch (IOException unwritable) {
            return true;
        }
    }

    private Path folder() {
        return local.dataDir().resolve("first-run");
    }

    @Override
    public void destroy() {
        later.dispose();
    }

    /** An answer that comes too late may be to a call that has made them all the same. */
    private boolean made(List<ApiKey> first) {
        try {
            return Boolean.TRUE.equals(store.putFirst(first).block(PATIENCE)) || areThere(first);
        } catch (RuntimeException late) {
            if (!areThere(first)) {
                throw late;
            }
            return true;
        }
    }

    private boolean areThere(List<ApiKey> first) {
        return store.find(first.getFirst().hash()).block(PATIENCE) != null;
    }

    private static ApiKey key(String id, String secret, ModelPatterns models, Set<String> scopes) {
        return new ApiKey(id, KeyHash.ofKey(secret), "default", "default", models, Set.of(), scopes, null, true);
    }

    private String welcome(String base, String api, String management) {
        String apiKey = terminal.interactive() ? api : "$(cat '" + keep(API_KEY, api) + "')";
        String shown = terminal.interactive()
                ? """
                  Your API key:        %s
                  Your management key: %s
                  They are shown once and kept nowhere but as hashes.
                """.formatted(api, management)
                : """
                  Your API key is in         %s
                  Your management key is in  %s
                  Only you can read these files. Delete them when you have put the keys where they belong.
                """.formatted(keep(API_KEY, api), keep("management-key", management));
        return """

                OmniRoute is ready at %s/v1

                %s
                %s
                """.formatted(base, shown.stripTrailing().indent(0), firstCall(base, apiKey));
    }

    private Path keep(String name, String secret) {
        try {
            Path folder = Files.createDirectories(folder()).toRealPath();
            Path file = folder.resolve(name);
            if (!Files.exists(file) || !Files.readString(file).strip().equals(secret)) {
                PrivateFiles.write(file, List.of(secret));
            }
            return file;
        } catch (IOException failed) {
            throw new IllegalStateException("the first API key cannot be kept in " + local.dataDir(), failed);
        }
    }

    private static String baseUrl(ApplicationReadyEvent ready) {
        ConfigurableApplicationContext context = ready.getApplicationContext();
        int port = context instanceof WebServerApplicationContext web
                ? Objects.requireNonNull(web.getWebServer()).getPort()
                : 0;
        return GatewayUrl.of(context.getEnvironment(), port);
    }

    private String firstCall(String base, String apiKey) {
        return model().map(model -> """
                Try it:

                  curl %s/v1/chat/completions \\
                    -H "Authorization: Bearer %s" \\
                    -H "Content-Type: application/json" \\
                    -d '{"model": "%s", "messages": [{"role": "user", "content": "Hello!"}]}'
                """.formatted(base, apiKey, model).stripTrailing())
                .orElse(
                        "No provider is declared that could answer a call (docs/configuration.md says how it is done).");
    }

    /** What the first call may ask for: the sandbox's model, what is declared with a name, or any model of a provider. */
    private Optional<String> model() {
        Catalog current = catalog.current();
        Stream<String> sandbox = current.providers().containsKey("sandbox") ? Stream.of("sandbox/chat") : Stream.of();
        return Stream.of(
                        sandbox,
                        current.aliases().keySet().stream(),
                        current.combos().keySet().stream(),
                        current.providers().values().stream()
                                .flatMap(provider ->
                                        provider.models().keySet().stream().map(model -> provider.id() + "/" + model)),
                        current.providers().keySet().stream().map(provider -> provider + "/MODEL"))
                .flatMap(names -> names)
                .findFirst();
    }
}
