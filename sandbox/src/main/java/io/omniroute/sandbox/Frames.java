package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;

/** The text of a stream, event by event, with what the orders want to be wrong in it. */
final class Frames {

    private static final int HUGE = 2 * 1024 * 1024;

    private final Orders orders;
    private final String end;

    private Frames(Orders orders) {
        this.orders = orders;
        this.end = orders.has(Behaviour.CRLF) ? "\r\n" : "\n";
    }

    /** The frames of a chat answer. */
    static List<String> of(ChatAnswer answer, boolean usage, Orders orders) {
        return new Frames(orders).frames(answer, usage);
    }

    private List<String> frames(ChatAnswer answer, boolean usage) {
        List<String> frames = new ArrayList<>();
        if (orders.has(Behaviour.FIRST_ERROR)) {
            return List.of(data(VendorError.ofStatus(500).json()));
        }
        for (String event : answer.events(usage, !orders.has(Behaviour.NO_FINISH))) {
            if (orders.has(Behaviour.COMMENTS)) {
                frames.add(": SANDBOX PROCESSING" + end + end);
            }
            frames.add(data(event));
        }
        int half = frames.size() / 2;
        if (orders.has(Behaviour.LATE_ERROR)) {
            return with(frames.subList(0, half), data(VendorError.ofStatus(500).json()));
        }
        if (orders.has(Behaviour.MALFORMED)) {
            return with(frames.subList(0, half), data("{\"id\": \"chatcmpl-"));
        }
        if (orders.has(Behaviour.HUGE)) {
            return with(frames.subList(0, half), data("x".repeat(HUGE)));
        }
        if (orders.has(Behaviour.CUT) || orders.has(Behaviour.STALL)) {
            return frames.subList(0, half);
        }
        if (!orders.has(Behaviour.NO_DONE)) {
            frames.add(data("[DONE]"));
        }
        return frames;
    }

    private String data(String event) {
        return "data: " + event + end + end;
    }

    private static List<String> with(List<String> frames, String last) {
        List<String> all = new ArrayList<>(frames);
        all.add(last);
        return all;
    }
}
