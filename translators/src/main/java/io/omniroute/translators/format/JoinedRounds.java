package io.omniroute.translators.format;

import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one answer of those of a provider that pauses its own work and is asked to go on: one beginning, parts numbered on, usage
 * added up, one end. One per attempt; not thread-safe.
 */
public final class JoinedRounds {

    private final int most;
    private int round;
    private int offset;
    private int parts;
    private boolean started;
    private boolean paused;
    private @Nullable Usage earlier;
    private @Nullable Usage latest;

    /** @param most how often the provider is asked to go on */
    public JoinedRounds(int most) {
        this.most = most;
    }

    /** Takes the next event of the round that is on. */
    public void accept(StreamEvent event, Consumer<StreamEvent> sink) {
        switch (event) {
            case StreamEvent.Start start -> {
                if (!started) {
                    started = true;
                    sink.accept(start);
                }
            }
            case StreamEvent.PartStart start -> {
                int part = part(start.part());
                parts = Math.max(parts, part + 1);
                sink.accept(start.as(part));
            }
            case StreamEvent.PartDelta delta -> {
                int part = part(delta.part());
                sink.accept(part == delta.part() ? delta : new StreamEvent.PartDelta(part, delta.text()));
            }
            case StreamEvent.PartSeal seal -> sink.accept(new StreamEvent.PartSeal(part(seal.part()), seal.opaque()));
            case StreamEvent.PartSource source ->
                sink.accept(new StreamEvent.PartSource(part(source.part()), source.annotation()));
            case StreamEvent.PartProbabilities likely ->
                sink.accept(new StreamEvent.PartProbabilities(part(likely.part()), likely.tokens()));
            case StreamEvent.PartEnd end -> sink.accept(new StreamEvent.PartEnd(part(end.part())));
            case StreamEvent.UsageUpdate update -> {
                latest = sum(earlier, update.usage());
                sink.accept(new StreamEvent.UsageUpdate(latest));
            }
            case StreamEvent.Finish finish -> {
                paused = finish.reason() == FinishReason.PAUSE && round < most;
                if (!paused) {
                    sink.accept(finish);
                }
            }
            case StreamEvent.OwnWork work -> sink.accept(work);
            case StreamEvent.End end -> {
                if (!paused) {
                    sink.accept(end);
                }
            }
            case StreamEvent.Failure failure -> {
                paused = false;
                sink.accept(failure);
            }
        }
    }

    /** Whether the round has ended with a pause after which the provider is to go on. */
    public boolean isPaused() {
        return paused;
    }

    /** The next round begins. */
    public void next() {
        round++;
        offset = parts;
        earlier = latest;
        paused = false;
    }

    /** How many rounds came before this one. */
    public int round() {
        return round;
    }

    private int part(int number) {
        return offset + number;
    }

    private static Usage sum(@Nullable Usage before, Usage now) {
        return before == null ? now : before.plus(now);
    }
}
