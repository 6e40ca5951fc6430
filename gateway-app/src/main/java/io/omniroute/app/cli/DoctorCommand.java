package io.omniroute.app.cli;

import io.omniroute.app.local.GatewayUrl;
import io.omniroute.app.local.LocalDefault;
import io.omniroute.app.local.LocalProperties;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Provider;
import io.omniroute.filters.upstream.UpstreamProperties;
import io.omniroute.redis.RedisCheck;
import io.omniroute.redis.RedisGuard;
import io.omniroute.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;

/** {@code omniroute doctor}: looks at what a gateway needs and says what it finds, one line each. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Looks at the JDK, the configuration, Redis, the providers' addresses and the gateway's port.")
final class DoctorCommand implements Callable<Integer> {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Spec
    private @Nullable CommandSpec spec;

    private boolean healthy = true;
    private boolean isThere = true;

    @Override
    public Integer call() {
        say(Runtime.version().feature() >= 25, "Java " + Runtime.version());
        List<String> problems = problems();
        say(problems.isEmpty(), "configuration");
        if (!problems.isEmpty()) {
            problems.forEach(problem -> out().println("     - " + problem));
            out().println("  -  Redis, the providers and the port are looked at when the configuration is good");
            return 1;
        }
        CliContext.with(context -> {
            redis(context);
            providers(context);
            gateway(context);
            return null;
        });
        return healthy ? 0 : 1;
    }

    /** A configuration that cannot even be read is a finding like any other. */
    private static List<String> problems() {
        try {
            return ConfigCommand.problems();
        } catch (RuntimeException unreadable) {
            return List.of(Failures.inWords(unreadable));
        }
    }

    private void redis(ApplicationContext context) {
        RedisCheck.of(context.getBean(ReactiveStringRedisTemplate.class)).forEach((need, attempt) -> {
            if (isThere) {
                redis(need, attempt);
            }
        });
    }

    /** Who gets no answer at all need not be told so of everything. */
    private void redis(String need, Mono<?> attempt) {
        try {
            attempt.block(PATIENCE);
            say(true, "Redis " + need);
        } catch (RuntimeException failed) {
            say(false, "Redis " + need + " - no: " + Failures.inWords(failed));
            isThere = RedisGuard.isAnswer(failed);
        }
    }

    private void providers(ApplicationContext context) {
        Environment environment = context.getEnvironment();
        UpstreamProperties upstream =
                Binder.get(environment).bindOrCreate("omniroute.upstream", UpstreamProperties.class);
        int sandbox = LocalDefault.isActive(environment)
                ? environment.getProperty("omniroute.local.sandbox-port", Integer.class, 0)
                : 0;
        CatalogSource catalog = context.getBean(CatalogSource.class);
        for (Provider provider : catalog.current().providers().values()) {
            URI base = provider.baseUrl();
            int port = base.getPort() > 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
            if (port == sandbox && LOOPBACK.equals(base.getHost())) {
                sandbox(provider.id(), port);
                continue;
            }
            if (upstream.isBehindProxy(base, catalog)) {
                out().println("  -  provider " + provider.id() + " is behind a proxy");
                continue;
            }
            boolean open = isOpen(base.getHost(), port);
            say(
                    open,
                    "provider " + provider.id()
                            + (open ? " can be reached" : " cannot be reached at " + base.getHost()));
        }
    }

    /** What else listens there would be sent the prompts that are meant for the sandbox. */
    private void sandbox(String provider, int port) {
        if (isOpen(LOOPBACK, port) && !Sandbox.isAt(port)) {
            say(false, "provider " + provider + " is the sandbox, but another program listens on its port " + port);
        } else {
            out().println("  -  provider " + provider + " is the sandbox, which runs inside the gateway");
        }
    }

    private void gateway(ApplicationContext context) {
        int port = context.getEnvironment().getProperty("server.port", Integer.class, 20128);
        String host = GatewayUrl.host(context.getEnvironment());
        out().println("  -  " + (isOpen(host, port) ? "a server listens" : "nothing listens") + " on port " + port
                + (host.equals(LOOPBACK) ? "" : " of " + host));
        ObjectProvider<LocalProperties> local = context.getBeanProvider(LocalProperties.class);
        local.ifAvailable(settings -> out().println("  -  data in " + settings.dataDir()));
    }

    private static boolean isOpen(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private void say(boolean good, String what) {
        healthy &= good;
        out().println((good ? "  ok " : "FAIL ") + what);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    }
}
