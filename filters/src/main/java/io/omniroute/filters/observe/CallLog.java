package io.omniroute.filters.observe;

import io.omniroute.config.KeySecret;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.RequestId;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.web.server.ServerWebExchange;

/**
 * The one line of a call in the log, of the logger {@code io.omniroute.call}. Never a prompt, an answer, a key or a provider's message:
 * ids, names, numbers and error codes only.
 */
final class CallLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.omniroute.call");
    private static final int LONGEST_PATH = 200;
    private static final int LONGEST_NAME = 256;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029\"]");

    private CallLog() {}

    /** Writes of a call that is over. */
    static void ended(EndedCall ended) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        RequestId id = ended.id();
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("request_id", id.own())
                .addKeyValue("operation", ended.endpoint().operation().id())
                .addKeyValue("format", ended.endpoint().format().id())
                .addKeyValue("status", ended.status())
                .addKeyValue("ending", ended.ending())
                .addKeyValue("took_ms", ended.took().toMillis());
        if (!id.echoed().equals(id.own())) {
            line = line.addKeyValue("client_request_id", id.echoed());
        }
        line = caller(line, ended.exchange());
        line = ended.call().isPresent() ? call(line, ended.call().get()) : line;
        line = ended.outcome().isPresent() ? outcome(line, ended.outcome().get()) : line;
        ApiError error = ended.error();
        if (error != null) {
            line = line.addKeyValue("error", error.kind().id())
                    .addKeyValue("scope", error.scope().name().toLowerCase(Locale.ROOT));
        }
        line.log("call");
    }

    /**
     * Writes of a request that never became a call.
     *
     * @param rawPath as it came, without what stands behind it
     */
    static void refused(RequestId id, String method, String rawPath, ApiError error) {
        LOG.atInfo()
                .addKeyValue("request_id", id.own())
                .addKeyValue("method", method)
                .addKeyValue("path", shown(rawPath))
                .addKeyValue("status", error.kind().status())
                .addKeyValue("ending", "refused")
                .addKeyValue("error", error.kind().id())
                .log("call");
    }

    /**
     * Writes of what the server refused before it was a request.
     *
     * @param method what was read of it, or empty
     * @param path its path as it came, without what stands behind it, or empty
     */
    static void unreadable(RequestId id, String method, String path, int status) {
        LoggingEventBuilder line = LOG.atInfo().addKeyValue("request_id", id.own());
        if (!path.isEmpty()) {
            line = line.addKeyValue("method", method).addKeyValue("path", shown(path));
        }
        line.addKeyValue("status", status)
                .addKeyValue("ending", "refused")
                .addKeyValue("error", ErrorKind.INVALID_REQUEST.id())
                .log("call");
    }

    /** As it came, still encoded, so that nothing in it can be taken for the next line. */
    private static String shown(String rawPath) {
        String path = KeySecret.hiddenIn(rawPath);
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "...";
    }

    private static LoggingEventBuilder caller(LoggingEventBuilder line, ServerWebExchange exchange) {
        Optional<Caller> caller = ExchangeAttributes.find(exchange, Caller.class);
        return caller.map(c -> line.addKeyValue("key", c.key().id())
                        .addKeyValue("team", c.key().team())
                        .addKeyValue("organisation", c.key().organisation()))
                .orElse(line);
    }

    private static LoggingEventBuilder call(LoggingEventBuilder line, Call call) {
        LoggingEventBuilder more =
                line.addKeyValue("asked", plain(call.asked())).addKeyValue("stream", call.stream());
        if (call.combo().isPresent()) {
            more = more.addKeyValue("resolved", call.combo().get().name());
        }
        if (!call.warnings().isEmpty()) {
            more = more.addKeyValue("lost", call.warnings());
        }
        if (!call.attempts().isEmpty()) {
            more = more.addKeyValue(
                    "attempts",
                    call.attempts().stream()
                            .sorted(AttemptReport.AS_BEGUN)
                            .map(CallLog::attempt)
                            .collect(Collectors.joining(", ")));
        }
        return more;
    }

    private static String attempt(AttemptReport attempt) {
        ApiError error = attempt.error();
        String answered = attempt.cancelled() ? "cancelled" : "ok";
        String result = error == null ? answered : error.kind().id();
        return attempt.target() + "@" + attempt.connection() + " " + result + " "
                + attempt.took().toMillis() + "ms";
    }

    /** A name as a client or a provider has written it, on one line, and within its quotes. */
    private static String plain(String name) {
        String bounded = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return CONTROL.matcher(bounded).replaceAll("?");
    }

    private static LoggingEventBuilder outcome(LoggingEventBuilder line, Outcome outcome) {
        Usage usage = outcome.usage();
        Duration firstContent = outcome.firstContent();
        LoggingEventBuilder named =
                outcome.model().isEmpty() ? line : line.addKeyValue("answered", plain(outcome.model()));
        LoggingEventBuilder more = named.addKeyValue("tokens_in", usage.input())
                .addKeyValue("tokens_cached", usage.cacheRead())
                .addKeyValue("tokens_out", usage.output())
                .addKeyValue("estimated", usage.estimated());
        return firstContent == null ? more : more.addKeyValue("first_content_ms", firstContent.toMillis());
    }
}
