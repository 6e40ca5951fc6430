package io.omniroute.filters.call;

import io.omniroute.config.CheckedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is bounded.
 *
 * @param body the largest JSON body of a request
 * @param bodyTime how long a client may take to send its body
 * @param jsonDepth the deepest nesting of JSON
 * @param jsonTokens the most names and values of a request's JSON
 * @param tools the most tools of a request
 * @param bufferedBodies the most bytes of bodies in memory at a time, those of requests and of whole answers; 0 means a quarter of the heap
 * @param sseEvent the longest event of a stream
 * @param answer the largest whole answer
 * @param heldStream the most that is held of a stream until its first content, beyond four times the request, which a provider may repeat
 * @param errorBody how much of a provider's error answer is read
 * @param connections the most connections of clients at a time in this instance, with and without a call
 * @param calls the most calls at a time in this instance
 * @param callsPerKey the most calls at a time of one API key in this instance
 * @param streams the most streams at a time in this instance
 * @param streamsPerKey the most streams at a time of one API key in this instance
 * @param waiting the most calls at a time in this instance that wait for a target
 * @param attempts how many attempts a call may make at most, whatever its combo has
 * @param unknownKeysPerSource how many unknown API keys a minute one address may try
 */
@ConfigurationProperties("omniroute.limits")
public record LimitsProperties(
        @DefaultValue("32MB") DataSize body,
        @DefaultValue("60s") Duration bodyTime,
        @DefaultValue("128") int jsonDepth,
        @DefaultValue("500000") long jsonTokens,
        @DefaultValue("2000") int tools,
        @DefaultValue("0B") DataSize bufferedBodies,
        @DefaultValue("1MB") DataSize sseEvent,
        @DefaultValue("16MB") DataSize answer,
        @DefaultValue("64KB") DataSize heldStream,
        @DefaultValue("64KB") DataSize errorBody,
        @DefaultValue("20000") int connections,
        @DefaultValue("10000") int calls,
        @DefaultValue("1000") int callsPerKey,
        @DefaultValue("10000") int streams,
        @DefaultValue("1000") int streamsPerKey,
        @DefaultValue("1000") int waiting,
        @DefaultValue("30") int attempts,
        @DefaultValue("60") int unknownKeysPerSource)
        implements CheckedSettings {

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        Map<String, DataSize> sizes = new LinkedHashMap<>();
        sizes.put("body", body);
        sizes.put("sse-event", sseEvent);
        sizes.put("answer", answer);
        sizes.put("held-stream", heldStream);
        sizes.put("error-body", errorBody);
        sizes.forEach((name, size) -> {
            if (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE) {
                problems.add("omniroute.limits." + name + ": is " + size + " (expected 1B to 2047MB)");
            }
        });
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("json-depth", (long) jsonDepth);
        counts.put("json-tokens", jsonTokens);
        counts.put("tools", (long) tools);
        counts.put("connections", (long) connections);
        counts.put("calls", (long) calls);
        counts.put("attempts", (long) attempts);
        counts.forEach((name, count) -> {
            if (count == 0) {
                problems.add(
                        "omniroute.limits." + name + ": is 0, which would let nothing through (expected 1 or more)");
            }
        });
        if (bodyTime.isZero()) {
            problems.add("omniroute.limits.body-time: is 0 (expected more than 0)");
        }
        return problems;
    }

    /** The bound on buffered bodies in bytes. */
    long bufferedBodiesBytes() {
        return bufferedBodies.toBytes() > 0
                ? bufferedBodies.toBytes()
                : Runtime.getRuntime().maxMemory() / 4;
    }
}
