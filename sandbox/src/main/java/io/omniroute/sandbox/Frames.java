package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;

/** The text of a stream, event by event, with what the orders want to be wrong in it. */
final class Frames {

    private static final int HUGE = 2 * 1024 * 1024;

    private final Orders orders;
    private final String end;

    private final Dialect dialect;

    private Frames(Dialect dialect, Orders orders) {
        this.dialect = dialect;
        this.orders = orders;
        this.end = orders.has(Behaviour.CRLF) ? "\r\n" : "\n";
    }

    /** The frames of an answer. */
    static List<String> of(Dialect dialect, Answer answer, boolean usage, Orders orders) {
        return new Frames(dialect, orders).frames(answer, usage);
    }

    private List<String> frames(Answer answer, boolean usage) {
        List<String> frames = new ArrayList<>();
        if (orders.has(Behaviour.FIRST_ERROR)) {
            return List.of(frame(dialect.errorEvent(VendorError.ofStatus(500))));
        }
        for (String event : dialect.events(answer, usage, !orders.has(Behaviour.NO_FINISH))) {
            if (orders.has(Behaviour.COMMENTS)) {
                frames.add(": SANDBOX PROCESSING" + end + end);
            }
            frames.add(frame(event));
        }
        int half = frames.size() / 2;
        if (orders.has(Behaviour.LATE_ERROR)) {
            return with(frames.subList(0, half), frame(dialect.errorEvent(VendorError.ofStatus(500))));
        }
        if (orders.has(Behaviour.MALFORMED)) {
            return with(frames.subList(0, half), frame(dialect.malformed()));
        }
        if (orders.has(Behaviour.HUGE)) {
            return with(frames.subList(0, half), frame("data: " + "x".repeat(HUGE)));
        }
        if (orders.has(Behaviour.CUT) || orders.has(Behaviour.STALL)) {
            return frames.subList(0, half);
        }
        if (!orders.has(Behaviour.NO_DONE) && !dialect.terminator().isEmpty()) {
            frames.add(frame(dialect.terminator()));
        }
        return frames;
    }

    private String frame(String event) {
        return event.replace("\n", end) + end + end;
    }

    private static List<String> with(List<String> frames, String last) {
        List<String> all = new ArrayList<>(frames);
        all.add(last);
        return all;
    }
}
