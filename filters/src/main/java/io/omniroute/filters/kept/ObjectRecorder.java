package io.omniroute.filters.kept;

import io.omniroute.translators.format.AnswerListener;
import io.omniroute.translators.format.HandedOut;
import io.omniroute.translators.sse.SseEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Notes what a provider hands out in its answer, each thing once. One per attempt; called by one thread at a time. */
final class ObjectRecorder implements AnswerListener {

    /** More than any answer has; what comes after them is not known later. */
    private static final int MOST = 1_000;

    private final HandedOut handedOut;
    private final Consumer<List<String>> keep;
    private final Set<String> known = new HashSet<>();

    /** @param keep must not block */
    ObjectRecorder(HandedOut handedOut, Consumer<List<String>> keep) {
        this.handedOut = handedOut;
        this.keep = keep;
    }

    @Override
    public void hear(SseEvent event) {
        if (event.hasData()) {
            note(handedOut.in(event.data(), event.dataStart(), event.dataEnd() - event.dataStart()));
        }
    }

    @Override
    public void hear(byte[] answer) {
        note(handedOut.in(answer, 0, answer.length));
    }

    private void note(Set<String> ids) {
        List<String> fresh = new ArrayList<>();
        for (String id : ids) {
            if (known.size() < MOST && known.add(id)) {
                fresh.add(id);
            }
        }
        if (!fresh.isEmpty()) {
            keep.accept(fresh);
        }
    }
}
