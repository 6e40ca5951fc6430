package io.omniroute.app.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.omniroute.redis.connection.ConnectionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter;

/**
 * Makes an error in a gateway's log fail the test class in which it is found: at that level stands what somebody has to be woken for, which
 * no client and no provider can bring about. At any level a key, a credential or a password does.
 */
public final class ErrorLogs implements BeforeAllCallback, AfterAllCallback {

    /** Credentials that cannot be opened, settings with which nothing starts, and what the client of Redis still hears of while it ends. */
    private static final Set<String> EXPECTED = Set.of(
            ConnectionStore.class.getName(),
            LoggingFailureAnalysisReporter.class.getName(),
            "io.netty.util.concurrent.DefaultPromise.rejectedExecution");

    /** A gateway's key, what tests have as credentials, and what stands before a password in an address. */
    private static final Pattern SECRET =
            Pattern.compile("sk-omni-[0-9A-Za-z]{38}|CANARY|(?<=//:)[^@\\s*]{8,}(?=@)|(?i:bearer) [0-9A-Za-z-]{20,}");

    private static final String NAME = "errors-in-tests";
    private static final Set<Class<?>> WATCHED = ConcurrentHashMap.newKeySet();
    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    /** Listens to the log, which every application that starts may set up anew. */
    static void listen() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(NAME) == null) {
            Listener listener = new Listener();
            listener.setName(NAME);
            listener.setContext(context);
            listener.start();
            root.addAppender(listener);
        }
    }

    /** Whether the log is looked at when this class ends; so is everything else that is registered with this. */
    public static boolean watches(Class<?> testClass) {
        return WATCHED.contains(testClass);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        WATCHED.add(context.getRequiredTestClass());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> found = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            found.add(report);
        }
        if (!found.isEmpty()) {
            throw new AssertionError("errors or secrets were logged:\n" + String.join("\n", found));
        }
    }

    /** Whether there is something in a text that nobody may read in a log. */
    public static boolean hasSecret(String text) {
        return SECRET.matcher(text).find();
    }

    private static String text(ILoggingEvent event) {
        StringBuilder text = new StringBuilder(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> text.append(' ').append(pair));
        }
        event.getMDCPropertyMap().forEach((name, value) -> text.append(' ').append(value));
        if (event.getThrowableProxy() != null) {
            text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return text.toString();
    }

    private static final class Listener extends AppenderBase<ILoggingEvent> {

        @Override
        protected void append(ILoggingEvent event) {
            if (hasSecret(text(event))) {
                REPORTS.add(event.getLoggerName() + " has logged a secret in: " + event.getMessage());
            }
            if (event.getLevel().isGreaterOrEqual(Level.ERROR) && !EXPECTED.contains(event.getLoggerName())) {
                String thrown = event.getThrowableProxy() == null
                        ? ""
                        : " (" + event.getThrowableProxy().getClassName() + ": "
                                + event.getThrowableProxy().getMessage() + ")";
                REPORTS.add(event.getLoggerName() + ": " + event.getFormattedMessage() + thrown);
            }
        }
    }
}
