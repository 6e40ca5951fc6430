package io.omniroute.config;

import io.omniroute.config.CatalogProperties.ConnectionProperties;
import io.omniroute.config.CatalogProperties.KeyProperties;
import io.omniroute.config.CatalogProperties.ProviderProperties;
import io.omniroute.config.CatalogProperties.TeamProperties;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Catalog} of what is written, or says everything that is wrong with it. One per reading. */
public final class CatalogReader {

    /** A token of RFC 9110, section 5.6.2. */
    static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");

    /** What the gateway, or HTTP itself, sets. */
    static final Set<String> OWN_HEADERS = Set.of(
            "accept",
            "accept-encoding",
            "connection",
            "expect",
            "content-length",
            "content-type",
            "host",
            "idempotency-key",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final CatalogProperties written;
    private final Problems problems = new Problems();

    private CatalogReader(CatalogProperties written) {
        this.written = written;
    }

    /**
     * The catalog of what is written.
     *
     * @param checks what others have to say about it
     * @throws CatalogProblems if anything is wrong, with everything that is
     */
    public static Catalog read(CatalogProperties written, List<CatalogCheck> checks) {
        CatalogReader reader = new CatalogReader(written);
        Catalog catalog = reader.catalog();
        List<String> problems = reader.problems(catalog, checks);
        if (!problems.isEmpty()) {
            throw new CatalogProblems(problems);
        }
        return catalog;
    }

    /** Everything that is wrong with what is written. */
    public static List<String> problems(CatalogProperties written, List<CatalogCheck> checks) {
        CatalogReader reader = new CatalogReader(written);
        return reader.problems(reader.catalog(), checks);
    }

    /**
     * A connection that is not part of a whole catalog.
     *
     * @param problems takes what is wrong with it
     */
    public static Connection connection(String id, ConnectionProperties written, List<String> problems) {
        Problems found = new Problems();
        idProblem(id).ifPresent(problem -> found.add("name", "%s", problem));
        Connection connection = new ConnectionReader(found).read("connection", id, written);
        problems.addAll(found.all());
        return connection;
    }

    /** What is wrong with a name that people give to a provider, an account, a team or a key. */
    public static Optional<String> idProblem(String id) {
        return ID.matcher(id).matches()
                ? Optional.empty()
                : Optional.of("must be 1 to 64 letters, digits, '_', '.' or '-', the first a letter or a digit");
    }

    private List<String> problems(Catalog catalog, List<CatalogCheck> checks) {
        List<String> all = new ArrayList<>(problems.all());
        checks.forEach(check -> all.addAll(check.problems(catalog)));
        return all;
    }

    private Catalog catalog() {
        Deadlines deadlines = Deadlines.DEFAULT.with(written.deadlines());
        Map<String, Provider> providers = new LinkedHashMap<>();
        written.providers().forEach((id, provider) -> providers.put(id, provider(id, provider, deadlines)));
        Patience patience = PatienceReader.read("omniroute.patience", written.patience(), problems);
        Map<String, Combo> combos = new ComboReader(written, providers, problems).read();
        Map<String, Team> teams = new LinkedHashMap<>();
        Map<KeyHash, ApiKey> keys = new LinkedHashMap<>();
        written.teams().forEach((id, team) -> {
            idProblem(id).ifPresent(problem -> problems.add("omniroute.teams." + id, "the name %s", problem));
            Optional.ofNullable(team.models())
                    .flatMap(ModelPatterns::problem)
                    .ifPresent(problem -> problems.add("omniroute.teams." + id + ".models", "%s", problem));
            teams.put(
                    id,
                    new Team(
                            id,
                            team.organisation(),
                            Optional.ofNullable(team.models()).map(ModelPatterns::of)));
            team.keys().forEach((key, properties) -> putKey(keys, key(id, team, key, properties)));
        });
        Catalog catalog = new Catalog(providers, combos, written.aliases(), teams, keys, patience);
        checkAliases(catalog);
        return catalog;
    }

    private Provider provider(String id, ProviderProperties provider, Deadlines deadlines) {
        String where = "omniroute.providers." + id;
        idProblem(id).ifPresent(problem -> problems.add(where, "the id \"%s\" %s", id, problem));
        if (provider.formats().isEmpty()) {
            problems.add(where + ".formats", "is missing (expected at least one format, such as openai-chat)");
        }
        if (!Set.of("call", "refuse").contains(provider.undeclaredModels())) {
            problems.add(
                    where + ".undeclared-models", "is \"%s\" (expected call or refuse)", provider.undeclaredModels());
        }
        ConnectionReader reader = new ConnectionReader(problems);
        Map<String, Connection> connections = new LinkedHashMap<>();
        provider.connections()
                .forEach((name, connection) ->
                        connections.put(name, reader.read(where + ".connections." + name, name, connection)));
        if (provider.accountsSticky() < 1) {
            problems.add(where + ".accounts-sticky", "is %s (expected at least 1)", provider.accountsSticky());
        }
        headers(where + ".headers", provider.headers());
        provider.paths().forEach((operation, path) -> path(where + ".paths." + operation, path));
        Map<String, Model> models = new LinkedHashMap<>();
        provider.models().forEach((name, model) -> {
            if (!Catalog.isModelId(name)) {
                problems.add(where + ".models", "\"%s\" is not the id of a model ([A-Za-z0-9._:@/+-], 1 to 256)", name);
            }
            models.put(name, new Model(name, model.operations(), facts(where + ".models." + name, model.facts())));
        });
        return new Provider(
                id,
                baseUrl(where + ".base-url", provider.baseUrl()),
                provider.formats(),
                connections,
                provider.accounts(),
                Math.max(1, provider.accountsSticky()),
                models,
                provider.undeclaredModels().equals("call"),
                provider.paths(),
                provider.requestHeaders().stream()
                        .map(h -> h.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                provider.headers(),
                provider.unsupported(),
                facts(where, provider.facts()),
                deadlines.with(provider.deadlines()));
    }

    /** What the gateway says itself of every request cannot be said otherwise. */
    private void headers(String where, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            problems.unresolved(where + "." + name, value);
            if (!HEADER_NAME.matcher(name).matches()) {
                problems.add(where, "\"%s\" is not the name of a header", name);
            } else if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                problems.add(where + "." + name, "is a header that the gateway sets itself");
            }
        });
    }

    /** Is put behind the base URL as it stands. */
    private void path(String where, String path) {
        boolean written = path.startsWith("/") && !path.startsWith("//");
        try {
            if (written && new URI("http://localhost" + path).getRawFragment() == null) {
                return;
            }
        } catch (URISyntaxException notAPath) {
            // told below
        }
        problems.add(where, "is \"%s\" (expected a path such as /v2/chat, which is put behind the base URL)", path);
    }

    private Facts facts(String where, Map<String, String> written) {
        try {
            return Facts.of(written);
        } catch (IllegalArgumentException wrong) {
            problems.add(where + ".facts", "%s", String.valueOf(wrong.getMessage()));
            return Facts.NONE;
        }
    }

    private URI baseUrl(String where, @Nullable String url) {
        if (url == null || url.isBlank()) {
            problems.add(
                    where, "is missing (expected what the vendor's own SDK takes, such as https://api.example.com/v1)");
            return URI.create("http://localhost");
        }
        if (problems.unresolved(where, url)) {
            return URI.create("http://localhost");
        }
        try {
            URI uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException notAUrl) {
            // told below
        }
        problems.add(where, "is not an http or https URL with a host and without user info or query");
        return URI.create("http://localhost");
    }

    private ApiKey key(String team, TeamProperties of, String id, KeyProperties key) {
        String where = "omniroute.teams." + team + ".keys." + id;
        idProblem(id).ifPresent(problem -> problems.add(where, "the name %s", problem));
        Optional<KeyHash> hash = KeyHash.ofWritten(key.hash() == null ? "" : key.hash());
        if (hash.isEmpty()) {
            problems.add(where + ".hash", "is not a hash (expected sha256: and 64 hexadecimal digits)");
        }
        Instant expires = key.expires() == null ? null : instant(where + ".expires", key.expires());
        ModelPatterns.problem(key.models()).ifPresent(problem -> problems.add(where + ".models", problem));
        return new ApiKey(
                team + "." + id,
                // a key without a hash is never used, but what else is wrong with it is found
                hash.orElseGet(() -> KeyHash.ofKey(where)),
                of.organisation(),
                team,
                ModelPatterns.of(key.models()),
                key.endpoints(),
                key.scopes(),
                expires,
                key.active());
    }

    private void putKey(Map<KeyHash, ApiKey> keys, ApiKey key) {
        ApiKey other = keys.putIfAbsent(key.hash(), key);
        if (other != null) {
            problems.add("omniroute.teams", "the keys %s and %s have the same hash", other.id(), key.id());
        }
    }

    private @Nullable Instant instant(String where, String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException notATime) {
            problems.add(where, "is \"%s\" (expected a date such as 2027-01-01 or an instant)", text);
            return null;
        }
    }

    private void checkAliases(Catalog catalog) {
        written.aliases().forEach((alias, target) -> {
            String where = "omniroute.aliases." + alias;
            if (cycles(alias, catalog)) {
                problems.add(where, "leads back to itself");
            } else if (catalog.resolve(target) instanceof Resolution.Unknown) {
                problems.add(where, "\"%s\" is no alias, combo or model", target);
            } else if (catalog.resolve(target) instanceof Resolution.Ambiguous several) {
                problems.add(where, "\"%s\" could be any of %s", target, several.candidates());
            }
        });
    }

    private static boolean cycles(String alias, Catalog catalog) {
        List<String> path = new ArrayList<>();
        String name = alias;
        while (name != null && !path.contains(name)) {
            path.add(name);
            name = catalog.aliases().get(name);
        }
        return name != null;
    }
}
