package io.omniroute.app.cli;

import io.omniroute.config.CatalogProperties.ConnectionProperties;
import io.omniroute.config.Connection;
import io.omniroute.config.ProxyUrl;
import io.omniroute.config.Secret;
import io.omniroute.filters.upstream.ListedProxies;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.connection.Connections;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniroute connections}: accounts at providers that are added at run time. A running gateway knows within a second. */
@Command(
        name = "connections",
        mixinStandardHelpOptions = true,
        description = "Adds, lists and removes accounts at providers.")
final class ConnectionsCommand implements Runnable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec().commandLine(), "expected add, list, enable, disable, remove or re-encrypt");
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds an account. Its credential is asked for, or read from the standard input; it is never"
                    + " an argument, which everybody on the machine could read.")
    int add(
            @Parameters(paramLabel = "PROVIDER/NAME") String name,
            @Option(names = "--header", description = "The header that takes the credential, if not the usual one.")
                    @Nullable
                    String header,
            @Option(names = "--no-credential", description = "For a server that takes none.") boolean none,
            @Option(names = "--priority", description = "The lowest is used first (default: 0).") int priority,
            @Option(names = "--weight", defaultValue = "1", description = "Its share where calls are spread by weight.")
                    int weight,
            @Option(names = "--rpm", description = "Calls a minute at most; any number if absent.") int rpm,
            @Option(names = "--max-concurrent", description = "Calls at a time at most; any number if absent.")
                    int concurrent,
            @Option(names = "--proxy", description = "The proxy that its calls go through.") @Nullable String proxy,
            @Option(names = "--tags", split = ",", description = "What calls may ask of it by name.") @Nullable
                    Set<String> tags) {
        String credential = none ? null : credential();
        ConnectionProperties written = new ConnectionProperties(
                credential,
                header,
                true,
                priority,
                weight,
                rpm,
                Duration.ZERO,
                concurrent,
                20,
                Duration.ofSeconds(15),
                proxy,
                tags == null ? Set.of() : tags);
        return CliContext.with(context -> {
            refused(context, proxy).ifPresent(why -> {
                throw new IllegalArgumentException(why);
            });
            connections(context).add(provider(name), id(name), written).block(PATIENCE);
            out().println("Connection " + name + " is added.");
            return 0;
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all accounts, never their credentials.")
    int list() {
        return CliContext.with(context -> {
            List<Connections.Listed> all = connections(context).list().block(PATIENCE);
            out().printf(
                            "%-40s %-9s %-8s %8s %6s  %s%n",
                            "CONNECTION", "SOURCE", "STATE", "PRIORITY", "WEIGHT", "TAGS");
            for (Connections.Listed one : all == null ? List.<Connections.Listed>of() : all) {
                Connection connection = one.connection();
                Optional<String> unused = one.source() == Connections.Source.ADDED
                        ? refused(context, connection.proxy().map(Secret::value).orElse(null))
                        : Optional.empty();
                out().printf(
                                "%-40s %-9s %-8s %8d %6d  %s%s%n",
                                one.provider() + "/" + connection.id(),
                                one.source().name().toLowerCase(Locale.ROOT),
                                state(one),
                                connection.priority(),
                                connection.weight(),
                                String.join(",", new TreeSet<>(connection.tags())),
                                unused.map(why -> "(not used here: " + why + ")")
                                        .orElse(""));
            }
            closed(context, all == null ? List.of() : all)
                    .forEach(name -> out().printf(
                                    "%-40s %-9s %-8s %8s %6s  %s%n",
                                    name, "added", "sealed", "-", "-", "(with another master key, which is not set)"));
            return 0;
        });
    }

    /** Those that were added and that nobody can open who does not have their master key. */
    private static SortedSet<String> closed(ApplicationContext context, List<Connections.Listed> opened) {
        List<String> names = context.getBean(ReactiveStringRedisTemplate.class)
                .<String, String>opsForHash()
                .keys(RedisKeys.CONNECTION_RECORDS)
                .collectList()
                .block(PATIENCE);
        SortedSet<String> closed = new TreeSet<>(names == null ? List.of() : names);
        opened.stream()
                .filter(one -> one.source() != Connections.Source.DECLARED)
                .map(one -> one.provider() + "/" + one.connection().id())
                .forEach(closed::remove);
        return closed;
    }

    private static String state(Connections.Listed one) {
        if (!one.connection().enabled()) {
            return "disabled";
        }
        return one.refused().isZero() ? "enabled" : "refused";
    }

    @Command(name = "enable", mixinStandardHelpOptions = true, description = "Lets calls use an account again.")
    int enable(@Parameters(paramLabel = "PROVIDER/NAME") String name) {
        return turned(name, true);
    }

    @Command(name = "disable", mixinStandardHelpOptions = true, description = "Lets no call use an account.")
    int disable(@Parameters(paramLabel = "PROVIDER/NAME") String name) {
        return turned(name, false);
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Forgets an account.")
    int remove(@Parameters(paramLabel = "PROVIDER/NAME") String name) {
        return CliContext.with(context -> {
            connections(context).remove(provider(name), id(name)).block(PATIENCE);
            out().println("Connection " + name + " is removed.");
            return 0;
        });
    }

    @Command(
            name = "re-encrypt",
            mixinStandardHelpOptions = true,
            description =
                    "Seals every credential with the current master key (OMNIROUTE_MASTER_KEY) that is sealed with a"
                            + " former one (OMNIROUTE_FORMER_MASTER_KEYS).")
    int sealAnew() {
        return CliContext.with(context -> {
            Long count = connections(context).sealAnew().block(PATIENCE);
            out().println((count == null ? 0 : count) + " connections are sealed anew.");
            return 0;
        });
    }

    private int turned(String name, boolean enabled) {
        return CliContext.with(context -> {
            connections(context).enable(provider(name), id(name), enabled).block(PATIENCE);
            out().println("Connection " + name + " is " + (enabled ? "enabled." : "disabled."));
            return 0;
        });
    }

    private String credential() {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Credential: ");
            return typed == null ? "" : new String(typed).strip();
        }
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            return line == null ? "" : line.strip();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private String provider(String name) {
        return name.substring(0, slash(name));
    }

    private String id(String name) {
        return name.substring(slash(name) + 1);
    }

    private int slash(String name) {
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            throw Cli.misuse(spec(), "\"" + name + "\" is not the name of a connection (expected provider/name)");
        }
        return slash;
    }

    /** Why the account may not have that proxy. */
    private static Optional<String> refused(ApplicationContext context, @Nullable String proxy) {
        List<String> listed = Binder.get(context.getEnvironment())
                .bind(ListedProxies.SETTING, Bindable.listOf(String.class))
                .orElse(List.of());
        return ProxyUrl.isOne(proxy == null ? "" : proxy) ? new ListedProxies(listed).refusal(proxy) : Optional.empty();
    }

    private static Connections connections(ApplicationContext context) {
        return context.getBean(Connections.class);
    }

    private PrintWriter out() {
        return spec().commandLine().getOut();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
