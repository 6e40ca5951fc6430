package io.omniroute.app.cli;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.config.ModelPatterns;
import io.omniroute.config.Team;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.translators.format.Operation;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniroute keys}: creates, lists and revokes API keys. A running gateway knows within a second. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Creates, lists and revokes API keys.")
final class KeysCommand implements Runnable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> ENDPOINTS = new TreeSet<>(Operation.kinds());

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec().commandLine(), "expected create, list or revoke");
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Creates a key and shows it once.")
    int create(
            @Option(names = "--team", required = true, description = "The team that the key belongs to.") String team,
            @Option(
                            names = "--models",
                            split = ",",
                            description = "Patterns of what it may call, such as 'fast,anthropic/*,!*/expensive'."
                                    + " Without any, what its team may call.")
                    @Nullable
                    List<String> models,
            @Option(names = "--id", description = "What the key is called; made up if absent.") @Nullable String id,
            @Option(names = "--organisation", description = "The organisation; the team's if absent.") @Nullable
                    String organisation,
            @Option(
                            names = "--endpoints",
                            split = ",",
                            description = "What it may ask for (chat, embeddings); all if absent.")
                    @Nullable
                    Set<String> endpoints,
            @Option(names = "--scopes", split = ",", description = "Further rights: manage, own, hosted-tools.")
                    @Nullable
                    Set<String> scopes,
            @Option(names = "--expires", description = "A date such as 2027-01-01 (UTC, excluded), or an instant.")
                    @Nullable
                    String expires) {
        if (endpoints != null && !ENDPOINTS.containsAll(endpoints)) {
            throw Cli.misuse(spec(), "unknown endpoint in " + endpoints + " (expected any of " + ENDPOINTS + ")");
        }
        if (scopes != null && !ApiKey.SCOPES.containsAll(scopes)) {
            throw Cli.misuse(
                    spec(), "unknown scope in " + scopes + " (expected any of " + new TreeSet<>(ApiKey.SCOPES) + ")");
        }
        Instant until = expires == null ? null : instant(expires);
        if (until != null && until.isBefore(Instant.now())) {
            throw Cli.misuse(spec(), "--expires is in the past: " + expires);
        }
        ModelPatterns.problem(models == null ? List.of() : models).ifPresent(problem -> {
            throw Cli.misuse(spec(), "--models " + problem);
        });
        requireName("--id", id);
        return CliContext.with(context -> {
            Team declared = catalog(context).teams().get(team);
            if (declared == null) {
                requireName("--team", team);
            }
            if (catalog(context).teams().values().stream()
                    .noneMatch(known -> known.organisation().equals(organisation))) {
                requireName("--organisation", organisation);
            }
            boolean nothing = models == null && (scopes == null || scopes.isEmpty());
            if (nothing && (declared == null || declared.models().isEmpty())) {
                throw new IllegalArgumentException("the team " + team
                        + " is not declared with models, so the key could call" + " nothing (expected --models)");
            }
            String secret = KeySecret.generate(new SecureRandom());
            KeyHash hash = KeyHash.ofKey(secret);
            ApiKey key = new ApiKey(
                    id == null ? team + "-" + hash.hex().substring(0, 8) : id,
                    hash,
                    organisation != null ? organisation : declared == null ? "default" : declared.organisation(),
                    team,
                    ModelPatterns.of(models == null ? List.of() : models),
                    endpoints == null ? Set.of() : endpoints,
                    scopes == null ? Set.of() : scopes,
                    until,
                    true);
            requireNew(context, key.id());
            store(context).put(declared == null ? key : key.ofDeclaredTeam()).block(PATIENCE);
            spec().commandLine().getErr().println("Key " + key.id() + " of team " + team + ". It is shown once:");
            out().println(secret);
            return 0;
        });
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all keys, never their secrets.")
    int list() {
        return CliContext.with(context -> {
            List<ApiKey> keys = all(context);
            out().printf("%-24s %-16s %-8s %-22s %-24s %s%n", "ID", "TEAM", "STATE", "EXPIRES", "MODELS", "SCOPES");
            for (ApiKey key : keys) {
                Instant expires = key.expires();
                out().printf(
                                "%-24s %-16s %-8s %-22s %-24s %s%n",
                                key.id(),
                                key.team(),
                                state(key),
                                expires == null ? "never" : expires.toString(),
                                String.join(",", key.models().written()),
                                String.join(",", key.scopes()));
            }
            return 0;
        });
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revokes a key for good.")
    int revoke(@Parameters(paramLabel = "ID", description = "The key's id, as keys list shows it.") String id) {
        return CliContext.with(context -> {
            List<ApiKey> found =
                    all(context).stream().filter(key -> key.id().equals(id)).toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("there is no key " + id + " (omniroute keys list shows all)");
            }
            found.forEach(key -> store(context).revoke(key.hash()).block(PATIENCE));
            out().println("Key " + id + " is revoked.");
            return 0;
        });
    }

    /** What stands in lines of lists and logs has no blanks, no breaks and nothing that a terminal obeys. */
    private void requireName(String option, @Nullable String name) {
        if (name != null) {
            CatalogReader.idProblem(name).ifPresent(problem -> {
                throw Cli.misuse(spec(), option + " " + problem);
            });
        }
    }

    private void requireNew(ApplicationContext context, String id) {
        if (all(context).stream().anyMatch(key -> key.id().equals(id) && key.active())) {
            throw new IllegalArgumentException("there is a key " + id + " already");
        }
    }

    private static List<ApiKey> all(ApplicationContext context) {
        List<ApiKey> made = store(context).list().collectList().block(PATIENCE);
        List<ApiKey> all = new ArrayList<>(made == null ? List.of() : made);
        List<KeyHash> gone = store(context).revoked().collectList().block(PATIENCE);
        catalog(context).keys().values().stream()
                .map(key -> gone != null && gone.contains(key.hash()) ? key.revoked() : key)
                .forEach(all::add);
        all.sort(Comparator.comparing(ApiKey::team).thenComparing(ApiKey::id));
        return all;
    }

    private static String state(ApiKey key) {
        if (!key.active()) {
            return "revoked";
        }
        return key.expiredAt(Instant.now()) ? "expired" : "active";
    }

    private Instant instant(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException notATime) {
            throw Cli.misuse(spec(), "\"" + text + "\" is not a date such as 2027-01-01 or an instant");
        }
    }

    private static Catalog catalog(ApplicationContext context) {
        return context.getBean(CatalogSource.class).current();
    }

    private static ApiKeyStore store(ApplicationContext context) {
        return context.getBean(ApiKeyStore.class);
    }

    private PrintWriter out() {
        return spec().commandLine().getOut();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
