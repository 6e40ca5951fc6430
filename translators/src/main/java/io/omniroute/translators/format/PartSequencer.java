package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the parts of an answer one after another, for formats in which they must not overlap: what comes for a later part
 * waits until the one that is open has ended. A tool call ends when its arguments are complete, even if nobody says so.
 *
 * <p>One per answer; not thread-safe.
 */
public final class PartSequencer {

    private static final int MOST_WAITING = 1024 * 1024;

    private static final class Waiting {
        private final List<StreamEvent> events = new ArrayList<>();
        private boolean ended;
    }

    private final Consumer<StreamEvent> sink;
    private final Consumer<StreamEvent.PartSource> late;
    private final Map<Integer, Waiting> waiting = new HashMap<>();
    private final Deque<Integer> order = new ArrayDeque<>();
    private final Map<Integer, ArgumentsEnd> arguments = new HashMap<>();
    private @Nullable Integer open;
    private int held;

    /** @param sink takes the events in their order */
    public PartSequencer(Consumer<StreamEvent> sink) {
        this(sink, source -> {});
    }

    /** @param late takes sources of parts that have ended */
    public PartSequencer(Consumer<StreamEvent> sink, Consumer<StreamEvent.PartSource> late) {
        this.sink = sink;
        this.late = late;
    }

    /** Takes the next event; what may leave goes to the sink. */
    public void accept(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start -> start(start);
            case StreamEvent.PartDelta delta -> delta(delta);
            case StreamEvent.PartSeal seal -> inside(seal.part(), seal);
            case StreamEvent.PartSource source -> inside(source.part(), source);
            case StreamEvent.PartProbabilities tokens -> inside(tokens.part(), tokens);
            case StreamEvent.PartEnd end -> end(end.part());
            case StreamEvent.Finish finish -> sink.accept(finish);
            case StreamEvent.Start start -> sink.accept(start);
            case StreamEvent.OwnWork work -> sink.accept(work);
            case StreamEvent.UsageUpdate usage -> sink.accept(usage);
            case StreamEvent.Failure failure -> sink.accept(failure);
            case StreamEvent.End end -> {
                flush();
                sink.accept(end);
            }
        }
    }

    private void start(StreamEvent.PartStart start) {
        if (start.kind() == PartKind.TOOL_CALL) {
            arguments.put(start.part(), new ArgumentsEnd());
        }
        Integer current = open;
        ArgumentsEnd before = current == null ? null : arguments.get(current);
        if (current != null && before != null && before.isComplete()) {
            end(current);
        }
        if (open == null) {
            open = start.part();
            sink.accept(start);
        } else {
            Waiting later = new Waiting();
            later.events.add(start);
            waiting.put(start.part(), later);
            order.add(start.part());
        }
    }

    private void delta(StreamEvent.PartDelta delta) {
        ArgumentsEnd end = arguments.get(delta.part());
        if (end != null) {
            end.read(delta.text());
        }
        inside(delta.part(), delta);
    }

    private void inside(int part, StreamEvent event) {
        Waiting later = waiting.get(part);
        if (later != null) {
            later.events.add(event);
            hold(event);
        } else if (open != null && open == part) {
            sink.accept(event);
        } else if (event instanceof StreamEvent.PartSource source) {
            late.accept(source);
        }
    }

    private void hold(StreamEvent event) {
        held += event instanceof StreamEvent.PartDelta delta ? delta.text().length() : 0;
        if (held > MOST_WAITING) {
            throw ApiError.upstream(
                            ErrorKind.UPSTREAM_ERROR,
                            ErrorScope.MODEL,
                            "the provider's stream interleaves more than can be put in order")
                    .exception();
        }
    }

    private void end(int part) {
        Waiting later = waiting.get(part);
        if (later != null) {
            later.ended = true;
        } else if (open != null && open == part) {
            sink.accept(new StreamEvent.PartEnd(part));
            open = null;
            next();
        }
    }

    /** Opens the part that has waited longest, and all after it that are complete. */
    private void next() {
        while (open == null && !order.isEmpty()) {
            int part = order.remove();
            Waiting later = waiting.remove(part);
            if (later == null) {
                continue;
            }
            later.events.forEach(sink);
            held = 0;
            ArgumentsEnd end = arguments.get(part);
            boolean complete = later.ended || (end != null && end.isComplete() && !order.isEmpty());
            if (complete) {
                sink.accept(new StreamEvent.PartEnd(part));
            } else {
                open = part;
            }
        }
    }

    private void flush() {
        while (open != null) {
            end(open);
        }
    }
}
