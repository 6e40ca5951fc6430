package io.omniroute.translators.format;

import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.util.HashMap;
import java.util.Map;

/**
 * What a model said when it declined, which some formats say in a part and some beside the reason of the end: here it is both.
 * One per answer; not thread-safe.
 */
final class Refusals {

    private static final String DECLINED = "The model declined to answer.";

    private final Map<Integer, Integer> candidates = new HashMap<>();
    private final Map<Integer, StringBuilder> said = new HashMap<>();

    StreamEvent hear(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start
            when start.kind() == PartKind.REFUSAL -> {
                candidates.put(start.part(), start.candidate());
                said.computeIfAbsent(start.candidate(), candidate -> new StringBuilder());
            }
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

    private StreamEvent.Finish finish(StreamEvent.Finish finish) {
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
