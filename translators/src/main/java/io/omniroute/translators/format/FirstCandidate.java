package io.omniroute.translators.format;

import io.omniroute.translators.model.StreamEvent;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass of an answer what belongs to its first candidate, for formats whose answers have only one. What is said of the answer as a whole
 * passes, too.
 *
 * <p>One per answer; not thread-safe.
 */
public final class FirstCandidate {

    private final Consumer<StreamEvent> sink;
    /** Parts of other candidates. */
    private final Set<Integer> others = new HashSet<>(0);

    private @Nullable Integer first;

    public FirstCandidate(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    /** Takes the next event; what may pass goes to the sink. */
    public void accept(StreamEvent event) {
        boolean other = switch (event) {
            case StreamEvent.PartStart start -> isOther(start.candidate()) && others.add(start.part());
            case StreamEvent.PartDelta delta -> others.contains(delta.part());
            case StreamEvent.PartSeal seal -> others.contains(seal.part());
            case StreamEvent.PartSource source -> others.contains(source.part());
            case StreamEvent.PartProbabilities tokens -> others.contains(tokens.part());
            case StreamEvent.PartEnd end -> others.contains(end.part());
            case StreamEvent.Finish finish -> isOther(finish.candidate());
            case StreamEvent.Start start -> false;
            case StreamEvent.OwnWork work -> false;
            case StreamEvent.UsageUpdate usage -> false;
            case StreamEvent.End end -> false;
            case StreamEvent.Failure failure -> false;
        };
        if (!other) {
            sink.accept(event);
        }
    }

    /** The first is the one that something comes of first: not everybody counts from 0. */
    private boolean isOther(int candidate) {
        if (first == null) {
            first = candidate;
        }
        return first != candidate;
    }
}
