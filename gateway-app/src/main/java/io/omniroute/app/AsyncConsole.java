package io.omniroute.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Takes the console out of the way of calls: a line is written by a thread of its own. Where nobody reads what a gateway writes, an event
 * loop that writes would wait for ever; lines that there is no room for are lost instead.
 */
final class AsyncConsole implements ApplicationListener<ApplicationPreparedEvent> {

    private static final int LINES = 8_192;
    private static final int FLUSH_MILLIS = 2_000;

    @Override
    public void onApplicationEvent(ApplicationPreparedEvent prepared) {
        boolean serves = prepared.getSpringApplication().getWebApplicationType() != WebApplicationType.NONE;
        if (serves && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            wrap(context, context.getLogger(Logger.ROOT_LOGGER_NAME));
        }
    }

    private static void wrap(LoggerContext context, Logger root) {
        List<Appender<ILoggingEvent>> consoles = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof ConsoleAppender<ILoggingEvent>) {
                consoles.add(appender);
            }
        });
        for (Appender<ILoggingEvent> console : consoles) {
            AsyncAppender async = new AsyncAppender();
            async.setContext(context);
            async.setName("ASYNC_" + console.getName());
            async.setQueueSize(LINES);
            async.setNeverBlock(true);
            async.setDiscardingThreshold(0);
            async.setMaxFlushTime(FLUSH_MILLIS);
            async.addAppender(console);
            async.start();
            root.addAppender(async);
            root.detachAppender(console);
        }
    }
}
