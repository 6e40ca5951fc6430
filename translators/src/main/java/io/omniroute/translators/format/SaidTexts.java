package io.omniroute.translators.format;

import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Texts of which nothing more comes but where they are from. They do not end for a call behind them: where parts stand one after another,
 * nobody could be told of a source behind its text. One per answer; not thread-safe.
 */
public final class SaidTexts {

    private final Map<Integer, List<Integer>> parts = new HashMap<>(2);

    /** A candidate has said a text. */
    public void add(int candidate, int part) {
        parts.computeIfAbsent(candidate, first -> new ArrayList<>(1)).add(part);
    }

    /** All sources of a candidate are told: its texts end. */
    public void end(int candidate, Consumer<StreamEvent> sink) {
        List<Integer> ended = parts.remove(candidate);
        if (ended != null) {
            ended.forEach(part -> sink.accept(new StreamEvent.PartEnd(part)));
        }
    }
}
