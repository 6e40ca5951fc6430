package io.omniroute.translators.model;

import io.omniroute.translators.error.ApiError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of an answer, the same for every format and for streamed and whole answers. Parts are numbered densely from 0
 * in the order of their first sight, over all candidates.
 */
public sealed interface StreamEvent {

    /**
     * The answer has begun.
     *
     * @param id the provider's id of the answer, empty if it gave none
     * @param model the model that the provider says it used, empty if it did not say
     */
    record Start(String id, String model) implements StreamEvent {}

    /**
     * A part begins.
     *
     * @param candidate the choice that it belongs to
     * @param part the part's number
     * @param callId for a tool call its id
     * @param name for a tool call the function's name, for a picture its media type
     * @param apart whether it begins a message of its own behind another, of which formats with one message make a paragraph
     */
    record PartStart(
            int candidate,
            int part,
            PartKind kind,
            @Nullable String callId,
            @Nullable String name,
            boolean apart) implements StreamEvent {

        public PartStart(int candidate, int part, PartKind kind, @Nullable String callId, @Nullable String name) {
            this(candidate, part, kind, callId, name, false);
        }

        /** The same under another number. */
        public PartStart as(int number) {
            return new PartStart(candidate, number, kind, callId, name, apart);
        }
    }

    /** A part grows by this text; for a tool call a fragment of its arguments. */
    record PartDelta(int part, String text) implements StreamEvent {}

    /** Something of a part that only its provider can read. */
    record PartSeal(int part, Opaque opaque) implements StreamEvent {}

    /** Where a piece of a text part comes from. */
    record PartSource(int part, Annotation annotation) implements StreamEvent {}

    /** How likely the tokens were of the text that comes next in a part. */
    record PartProbabilities(int part, List<TokenProbability> tokens) implements StreamEvent {}

    /** The provider, or the client in a way of the provider's own, begins to do something that other formats cannot say. */
    record OwnWork() implements StreamEvent {}

    /** A part is complete. */
    record PartEnd(int part) implements StreamEvent {}

    /** The usage so far; the last one counts. */
    record UsageUpdate(Usage usage) implements StreamEvent {}

    /**
     * A candidate has ended.
     *
     * @param rawReason the provider's own word for why
     * @param detail the stop sequence that was met, or what the provider says of a refusal
     */
    record Finish(
            int candidate,
            FinishReason reason,
            String rawReason,
            @Nullable String detail) implements StreamEvent {

        public Finish(int candidate, FinishReason reason, String rawReason) {
            this(candidate, reason, rawReason, null);
        }
    }

    /** The provider closed the answer with its terminator. */
    record End() implements StreamEvent {}

    /** The provider reported a failure inside the answer; nothing follows. */
    record Failure(ApiError error) implements StreamEvent {}

    /**
     * Whether this event is content in the sense of the fallback rule: after it has left, the answer is the client's and
     * another target must not be tried.
     */
    default boolean isContent() {
        return switch (this) {
            case PartStart start ->
                switch (start.kind()) {
                    case TOOL_CALL, AUDIO, IMAGE, REDACTED_REASONING -> true;
                    case TEXT, REFUSAL, REASONING -> false;
                };
            case PartDelta delta -> !delta.text().isEmpty();
            case Finish finish -> true;
            case OwnWork work -> true;
            case Start start -> false;
            case PartEnd end -> false;
            case PartSeal seal -> false;
            case PartSource source -> false;
            case PartProbabilities tokens -> false;
            case UsageUpdate usage -> false;
            case End end -> false;
            case Failure failure -> false;
        };
    }
}
