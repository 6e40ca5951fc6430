package io.omniroute.translators.format;

import io.omniroute.translators.model.StreamEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Puts characters together again whose two halves came in two pieces of a text: half of one cannot be written in UTF-8. */
final class SplitPairs {

    private final Map<Integer, Character> halves = new HashMap<>(2);

    void accept(StreamEvent event, Consumer<StreamEvent> sink) {
        switch (event) {
            case StreamEvent.PartDelta delta -> delta(delta, sink);
            case StreamEvent.PartEnd end -> {
                Character half = halves.isEmpty() ? null : halves.remove(end.part());
                if (half != null) {
                    sink.accept(new StreamEvent.PartDelta(end.part(), half.toString()));
                }
                sink.accept(end);
            }
            default -> sink.accept(event);
        }
    }

    private void delta(StreamEvent.PartDelta delta, Consumer<StreamEvent> sink) {
        String text = delta.text();
        boolean splits = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        if (!splits && halves.isEmpty()) {
            sink.accept(delta);
            return;
        }
        Character half = halves.remove(delta.part());
        String whole = half == null ? text : half + text;
        if (splits) {
            halves.put(delta.part(), text.charAt(text.length() - 1));
            whole = whole.substring(0, whole.length() - 1);
        }
        if (!whole.isEmpty()) {
            sink.accept(new StreamEvent.PartDelta(delta.part(), whole));
        }
    }
}
