package io.omniroute.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an attempt may take to each of its milestones.
 *
 * @param connect to an open connection
 * @param responseHeaders from when the request leaves to the head of the response
 * @param firstContent in a stream, from when the request leaves to the first content
 * @param firstContentPerKilobyte what a stream's first content may take longer for each 1,024 bytes of request
 * @param idle between two reads of an answer
 * @param stream from the first content of a stream to its end
 */
public record Deadlines(
        Duration connect,
        Duration responseHeaders,
        Duration firstContent,
        Duration firstContentPerKilobyte,
        Duration idle,
        Duration stream) {

    /** The shipped values. */
    public static final Deadlines DEFAULT = new Deadlines(
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(120),
            Duration.ofMillis(20),
            Duration.ofMinutes(5),
            Duration.ofHours(1));

    /** The deadline for the first content of a stream that answers a request of this many bytes. */
    public Duration firstContentFor(int requestBytes) {
        return firstContent.plus(firstContentPerKilobyte.multipliedBy(requestBytes / 1024));
    }

    /** These deadlines with those replaced that the override names. */
    public Deadlines with(@Nullable Override override) {
        if (override == null) {
            return this;
        }
        return new Deadlines(
                or(override.connect(), connect),
                or(override.responseHeaders(), responseHeaders),
                or(override.firstContent(), firstContent),
                or(override.firstContentPerKilobyte(), firstContentPerKilobyte),
                or(override.idle(), idle),
                or(override.stream(), stream));
    }

    private static Duration or(@Nullable Duration value, Duration otherwise) {
        return value == null ? otherwise : value;
    }

    /** The deadlines that a provider or a combo's target sets for itself; the others stay as they are. */
    public record Override(
            @Nullable Duration connect,
            @Nullable Duration responseHeaders,
            @Nullable Duration firstContent,
            @Nullable Duration firstContentPerKilobyte,
            @Nullable Duration idle,
            @Nullable Duration stream) {}
}
