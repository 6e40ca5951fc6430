package io.omniroute.translators.format;

import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends that say what was said before them. What a model said when it declined, some formats say in a part and some beside the reason:
 * here it is both. A model that declines in the middle of a call has not called, and one that ends to call has.
 * One per answer; not thread-safe.
 */
final class Endings {

    private static final String DECLINED = "The model declined to answer.";

    private final Map<Integer, Integer> candidates = new HashMap<>();
    private final Map<Integer, StringBuilder> said = new HashMap<>();
    /** The last calls of candidates. */
    private final Map<Integer, Integer> calls = new HashMap<>();

    /** What these are called with. */
    private final Map<Integer, ArgumentsEnd> arguments = new HashMap<>();

    StreamEvent hear(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start
            when start.kind() == PartKind.REFUSAL -> {
                candidates.put(start.part(), start.candidate());
                said.computeIfAbsent(start.candidate(), candidate -> new StringBuilder());
            }
            case StreamEvent.PartStart start
            when start.kind() == PartKind.TOOL_CALL -> {
                Integer before = calls.put(start.candidate(), start.part());
                if (before != null) {
                    arguments.remove(before);
                }
                arguments.put(start.part(), new ArgumentsEnd());
            }
            case StreamEvent.PartDelta delta
            when arguments.get(delta.part()) instanceof ArgumentsEnd call -> call.read(delta.text());
            case StreamEvent.PartDelta delta
            when candidates.containsKey(delta.part()) ->
                said.computeIfAbsent(candidates.getOrDefault(delta.part(), 0), candidate -> new StringBuilder())
                        .append(delta.text());
            case StreamEvent.Finish finish -> {
                return finish(finish);
            }
            default -> {
                // says nothing of a refusal
            }
        }
        return event;
    }

    private boolean isCut(@Nullable Integer call) {
        ArgumentsEnd said = call == null ? null : arguments.get(call);
        return said != null && !said.isComplete();
    }

    private StreamEvent.Finish finish(StreamEvent.Finish finish) {
        Integer last = calls.get(finish.candidate());
        boolean called = last != null;
        if (finish.reason() == FinishReason.TOOL && !called) {
            return new StreamEvent.Finish(finish.candidate(), FinishReason.STOP, finish.rawReason(), finish.detail());
        }
        if (finish.reason() == FinishReason.REFUSAL && isCut(last)) {
            return new StreamEvent.Finish(
                    finish.candidate(), FinishReason.CONTENT_FILTER, finish.rawReason(), finish.detail());
        }
        StringBuilder refusal = said.get(finish.candidate());
        boolean plain = finish.reason() == FinishReason.STOP || finish.reason() == FinishReason.OTHER;
        if (refusal != null && !refusal.isEmpty() && plain) {
            return new StreamEvent.Finish(
                    finish.candidate(), FinishReason.REFUSAL, finish.rawReason(), refusal.toString());
        }
        return finish.reason() == FinishReason.REFUSAL && finish.detail() == null
                ? new StreamEvent.Finish(finish.candidate(), finish.reason(), finish.rawReason(), DECLINED)
                : finish;
    }
}
