package io.omniroute.translators.format;

import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes thoughts that a provider writes into the text of its answer, {@code <think>...</think>} at its very beginning, and makes
 * a part of their own of them. The tags may be cut anywhere. What does not begin with the tag is left alone. One per answer;
 * not thread-safe.
 */
final class ThinkTags {

    static final String OPEN = "<think>";
    static final String CLOSE = "</think>";

    /** Behind more of them no thought begins. */
    private static final int MOST_BLANKS = 1_000;

    private enum State {
        /** Nothing but white space or the beginning of the tag was seen. */
        BEFORE,
        THINKING,
        /** Between the thoughts and the text, whose first line feeds belong to neither. */
        BETWEEN,
        TEXT
    }

    private static final class Split {

        private final int candidate;
        private final StringBuilder held = new StringBuilder();
        private State state = State.BEFORE;
        private int part = -1;
        private boolean thought;
        /** How likely the tokens were of what has no part yet. */
        private final List<TokenProbability> likely = new ArrayList<>();

        Split(int candidate) {
            this.candidate = candidate;
        }
    }

    private final Consumer<StreamEvent> sink;
    private final Map<Integer, Split> splits = new HashMap<>();
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Map<Integer, Boolean> begun = new HashMap<>();
    private int next;

    ThinkTags(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    void accept(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start
            when start.kind() == PartKind.TEXT && begun.putIfAbsent(start.candidate(), true) == null ->
                splits.put(start.part(), new Split(start.candidate()));
            case StreamEvent.PartStart start -> {
                begun.put(start.candidate(), true);
                numbers.put(start.part(), next);
                sink.accept(start.as(next++));
            }
            case StreamEvent.PartDelta delta -> {
                Split split = splits.get(delta.part());
                if (split == null) {
                    sink.accept(new StreamEvent.PartDelta(number(delta.part()), delta.text()));
                } else {
                    text(split, delta.text());
                }
            }
            case StreamEvent.PartSeal seal -> sink.accept(new StreamEvent.PartSeal(number(seal.part()), seal.opaque()));
            case StreamEvent.PartSource source -> {
                Split split = splits.get(source.part());
                int part = split == null ? number(source.part()) : split.part;
                if (part >= 0) {
                    sink.accept(new StreamEvent.PartSource(part, source.annotation()));
                }
            }
            case StreamEvent.PartProbabilities likely -> {
                Split split = splits.get(likely.part());
                if (split != null && split.state != State.TEXT) {
                    split.likely.addAll(likely.tokens());
                } else {
                    int part = split == null ? number(likely.part()) : split.part;
                    sink.accept(new StreamEvent.PartProbabilities(part, likely.tokens()));
                }
            }
            case StreamEvent.PartEnd end -> {
                Split split = splits.remove(end.part());
                if (split == null) {
                    sink.accept(new StreamEvent.PartEnd(number(end.part())));
                } else {
                    finish(split);
                    // whose sources may come yet
                    numbers.put(end.part(), split.part);
                }
            }
            default -> sink.accept(event);
        }
    }

    private void text(Split split, String text) {
        if (split.state == State.TEXT) {
            sink.accept(new StreamEvent.PartDelta(split.part, text));
            return;
        }
        split.held.append(text);
        if (split.state == State.BEFORE) {
            before(split);
        }
        if (split.state == State.THINKING) {
            thinking(split);
        }
        if (split.state == State.BETWEEN) {
            between(split);
        }
        if (split.state == State.THINKING) {
            split.likely.clear();
        }
    }

    private void before(Split split) {
        String begun = split.held.toString().stripLeading();
        if (begun.startsWith(OPEN)) {
            split.held.setLength(0);
            split.held.append(begun.substring(OPEN.length()));
            start(split, PartKind.REASONING);
            split.state = State.THINKING;
        } else if (!OPEN.startsWith(begun) || split.held.length() > MOST_BLANKS) {
            start(split, PartKind.TEXT);
            split.state = State.TEXT;
            emit(split, split.held.length());
        }
    }

    private void thinking(Split split) {
        if (!split.thought && !split.held.isEmpty()) {
            split.thought = true;
            if (split.held.charAt(0) == '\n') {
                split.held.deleteCharAt(0);
            }
        }
        int close = split.held.indexOf(CLOSE);
        if (close < 0) {
            emit(split, split.held.length() - beginningOfTag(split.held));
            return;
        }
        emit(split, close);
        split.held.delete(0, CLOSE.length());
        sink.accept(new StreamEvent.PartEnd(split.part));
        split.part = -1;
        split.state = State.BETWEEN;
    }

    private void between(Split split) {
        int content = 0;
        while (content < split.held.length() && split.held.charAt(content) == '\n') {
            content++;
        }
        split.held.delete(0, content);
        if (!split.held.isEmpty()) {
            start(split, PartKind.TEXT);
            split.state = State.TEXT;
            emit(split, split.held.length());
        }
    }

    private void finish(Split split) {
        if (split.state == State.BEFORE) {
            start(split, PartKind.TEXT);
        }
        emit(split, split.held.length());
        if (split.part >= 0) {
            sink.accept(new StreamEvent.PartEnd(split.part));
        }
    }

    private void start(Split split, PartKind kind) {
        split.part = next++;
        sink.accept(new StreamEvent.PartStart(split.candidate, split.part, kind, null, null));
        if (kind == PartKind.TEXT && !split.likely.isEmpty()) {
            int from = split.likely.size();
            for (int left = split.held.length(); left > 0 && from > 0; from--) {
                left -= split.likely.get(from - 1).token().length();
            }
            // those before are of the thoughts
            sink.accept(new StreamEvent.PartProbabilities(
                    split.part, List.copyOf(split.likely.subList(from, split.likely.size()))));
            split.likely.clear();
        }
    }

    private void emit(Split split, int length) {
        if (length > 0) {
            sink.accept(new StreamEvent.PartDelta(split.part, split.held.substring(0, length)));
            split.held.delete(0, length);
        }
    }

    /** How many characters at the end may be the beginning of the closing tag. */
    private static int beginningOfTag(StringBuilder text) {
        for (int length = Math.min(CLOSE.length() - 1, text.length()); length > 0; length--) {
            if (CLOSE.startsWith(text.substring(text.length() - length))) {
                return length;
            }
        }
        return 0;
    }

    private int number(int part) {
        @Nullable Integer number = numbers.get(part);
        return number == null ? part : number;
    }
}
