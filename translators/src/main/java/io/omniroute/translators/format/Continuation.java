package io.omniroute.translators.format;

import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Joins an answer that was cut off with what another model makes of the rest: its first text goes on where the text was cut, its further
 * parts are numbered on, what it thinks is left out, and usage is added up. Only text can be gone on with: not a call that has begun, and not a thought
 * that is still open. One per answer; not thread-safe.
 */
public final class Continuation {

    private static final int LONGEST = 1 << 20;
    private static final int CHARACTERS_OF_A_TOKEN = 4;
    private static final int LEFT_OUT = -1;

    private final StringBuilder said = new StringBuilder();
    private final Map<Integer, PartKind> open = new LinkedHashMap<>();
    private final Set<Integer> texts = new HashSet<>();
    /** The parts of the leg that is on, by its own numbers. */
    private final Map<Integer, Integer> numbers = new HashMap<>();

    private int parts;
    private boolean beyond;
    private boolean joins;
    private @Nullable Usage earlier;
    private @Nullable Usage latest;

    /** Hears what leaves for the client. */
    public void hear(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start -> {
                parts = Math.max(parts, start.part() + 1);
                open.put(start.part(), start.kind());
                if (start.kind() == PartKind.TEXT) {
                    texts.add(start.part());
                }
                beyond |= start.candidate() > 0 || !isText(start.kind());
            }
            case StreamEvent.PartDelta delta -> {
                if (texts.contains(delta.part())) {
                    said.append(delta.text());
                    beyond |= said.length() > LONGEST;
                }
            }
            case StreamEvent.PartEnd end -> open.remove(end.part());
            case StreamEvent.UsageUpdate update -> latest = update.usage();
            case StreamEvent.Finish finish -> beyond = true;
            default -> {
                // changes nothing of where the answer stands
            }
        }
    }

    private static boolean isText(PartKind kind) {
        return kind == PartKind.TEXT || kind == PartKind.REASONING || kind == PartKind.REDACTED_REASONING;
    }

    /** Whether somebody else can go on with the answer as it is. */
    public boolean mayGoOn() {
        return !beyond && !said.isEmpty() && open.values().stream().allMatch(kind -> kind == PartKind.TEXT);
    }

    /** The text so far. */
    public String said() {
        return said.toString();
    }

    /** Another leg begins. */
    public void next() {
        numbers.clear();
        joins = false;
        earlier = latest == null ? new Usage(0, 0, 0, said.length() / CHARACTERS_OF_A_TOKEN, 0, true) : latest;
    }

    /** Takes an event of the leg that is on; what leaves is heard. */
    public void accept(StreamEvent event, Consumer<StreamEvent> sink) {
        StreamEvent joined = joined(event);
        if (joined != null) {
            hear(joined);
            sink.accept(joined);
        }
    }

    private @Nullable StreamEvent joined(StreamEvent event) {
        return switch (event) {
            case StreamEvent.Start start -> null;
            case StreamEvent.PartStart start -> begun(start);
            case StreamEvent.PartDelta delta ->
                in(delta.part(), number -> new StreamEvent.PartDelta(number, delta.text()));
            case StreamEvent.PartSeal seal ->
                in(seal.part(), number -> new StreamEvent.PartSeal(number, seal.opaque()));
            case StreamEvent.PartSource source ->
                in(source.part(), number -> new StreamEvent.PartSource(number, source.annotation()));
            case StreamEvent.PartProbabilities likely ->
                in(likely.part(), number -> new StreamEvent.PartProbabilities(number, likely.tokens()));
            case StreamEvent.PartEnd end -> in(end.part(), StreamEvent.PartEnd::new);
            case StreamEvent.UsageUpdate update -> new StreamEvent.UsageUpdate(sum(update.usage()));
            case StreamEvent.Finish finish -> finish;
            case StreamEvent.OwnWork work -> work;
            case StreamEvent.End end -> end;
            case StreamEvent.Failure failure -> failure;
        };
    }

    private @Nullable StreamEvent begun(StreamEvent.PartStart start) {
        if (start.kind() == PartKind.REASONING || start.kind() == PartKind.REDACTED_REASONING) {
            numbers.put(start.part(), LEFT_OUT);
            return null;
        }
        if (start.kind() == PartKind.TEXT && !joins && !open.isEmpty()) {
            joins = true;
            numbers.put(start.part(), open.keySet().iterator().next());
            return null;
        }
        numbers.put(start.part(), parts);
        return start.as(parts);
    }

    private @Nullable StreamEvent in(int part, IntFunction<StreamEvent> of) {
        int number = numbers.getOrDefault(part, LEFT_OUT);
        return number == LEFT_OUT ? null : of.apply(number);
    }

    private Usage sum(Usage now) {
        Usage before = earlier;
        return before == null ? now : before.plus(now);
    }
}
