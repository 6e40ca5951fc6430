package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.SaidTexts;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The texts of candidates, whose sources come before them, with them, or at the end of the answer. One per answer; not thread-safe. */
final class ChatTexts {

    private final Map<Integer, Integer> last = new HashMap<>();
    /** Sources that came before the text that they are of. */
    private final Map<Integer, List<Annotation>> early = new HashMap<>();

    private final SaidTexts said = new SaidTexts();
    private boolean searches;

    /** The answer may name sources. */
    void searches() {
        searches = true;
    }

    /** The text of a candidate that began last, or -1. */
    int last(int candidate) {
        return last.getOrDefault(candidate, -1);
    }

    /** A text has begun. */
    void begin(int candidate, int part, Consumer<StreamEvent> sink) {
        last.put(candidate, part);
        List<Annotation> sources = early.remove(candidate);
        if (sources != null) {
            sources.forEach(source -> sink.accept(new StreamEvent.PartSource(part, source)));
        }
    }

    /** Tells where a candidate's text is from. */
    void source(int candidate, Annotation source, Consumer<StreamEvent> sink) {
        searches = true;
        int text = last(candidate);
        if (text >= 0) {
            sink.accept(new StreamEvent.PartSource(text, source));
        } else {
            early.computeIfAbsent(candidate, first -> new ArrayList<>()).add(source);
        }
    }

    /** Whether a text of which nothing more comes waits for its sources, until the candidate ends. */
    boolean waits(int candidate, int part) {
        if (searches) {
            said.add(candidate, part);
        }
        return searches;
    }

    /** A candidate ends, and its texts with it. */
    void end(int candidate, Consumer<StreamEvent> sink) {
        said.end(candidate, sink);
    }
}
