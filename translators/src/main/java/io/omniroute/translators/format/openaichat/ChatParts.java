package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.format.VendorError;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Makes parts of the pieces of one chat answer: which part of a candidate is open (text, reasoning, refusal follow one another),
 * which tool calls have started, and which candidates have ended. One per answer; not thread-safe.
 */
final class ChatParts {

    /** The family of Google's signatures, which its compatible endpoint gives too. */
    private static final String GEMINI = "gemini";

    private record Open(PartKind kind, int part) {}

    private final Map<Integer, Open> open = new HashMap<>();
    private final ChatTexts texts = new ChatTexts();
    private final ChatCalls calls = new ChatCalls();
    private final Map<Integer, ReasoningDetails> details = new HashMap<>();
    private final Map<Integer, String> textSignatures = new HashMap<>();
    /** In which words candidates have ended, so far: servers give a reason before the last content, too, or with every piece of it. */
    private final Map<Integer, String> reasons = new LinkedHashMap<>();
    /** Candidates of which nothing came after their reason. */
    private final Set<Integer> ended = new HashSet<>();

    private boolean spokeAfterwards;
    private boolean closed;
    /** Candidates that have said or done something. */
    private final Set<Integer> productive = new HashSet<>();
    /** Those, and candidates that have thought, or ended. */
    private final Set<Integer> begun = new HashSet<>();

    private int parts;
    private String salt = IdRule.salt();

    /** The answer may name sources, which come at its end. */
    void searches() {
        texts.searches();
    }

    /** The answer's id, which ids are made from where a provider gives none. */
    void named(String id) {
        salt = id.isEmpty() ? salt : id;
    }

    /** How many candidates have said something or ended. */
    int begun() {
        return begun.size();
    }

    /**
     * How many candidates have ended.
     *
     * @param over whether nothing more can come; until then a provider is not believed whose reason did not end its answer once
     */
    int finished(boolean over) {
        return over ? reasons.size() : spokeAfterwards ? 0 : ended.size();
    }

    /** Whether what is thought comes with more than its text, of which nothing may be missed. */
    boolean hasDetails() {
        return !details.isEmpty();
    }

    /** More came of a part, which somebody else tells. */
    void grows(int part, String text) {
        calls.grows(part, text);
    }

    /** The text of a candidate that began last, or -1. */
    int lastText(int candidate) {
        return texts.last(candidate);
    }

    /**
     * Adds what came of a candidate.
     *
     * @param likely how likely the piece's tokens were, if the provider says so
     */
    void add(int candidate, ChatPiece piece, List<TokenProbability> likely, Consumer<StreamEvent> sink) {
        Annotation source = piece.source();
        if (source != null) {
            texts.source(candidate, source, sink);
            return;
        }
        JsonNode told = piece.details();
        if (told != null) {
            details(candidate, told, sink);
            return;
        }
        if (piece.kind() == PartKind.REDACTED_REASONING) {
            Open said = open.get(candidate);
            if (said != null && said.kind() == PartKind.TEXT) {
                // stands behind the text, of which more may come
                textSignatures.put(candidate, piece.signature());
            } else {
                signed(candidate, piece.signature(), sink);
            }
            return;
        }
        if (piece.kind() == PartKind.TOOL_CALL) {
            tool(candidate, piece, sink);
            return;
        }
        if (piece.kind() == PartKind.IMAGE) {
            says(candidate);
            productive.add(candidate);
            end(candidate, sink);
            hiddenBefore(candidate, sink);
            int part = parts++;
            sink.accept(new StreamEvent.PartStart(candidate, part, PartKind.IMAGE, null, piece.name()));
            sink.accept(new StreamEvent.PartDelta(part, piece.text()));
            sink.accept(new StreamEvent.PartEnd(part));
            return;
        }
        ReasoningDetails known = piece.kind() == PartKind.REASONING ? details.get(candidate) : null;
        if (known == null || !known.showsText()) {
            grow(candidate, piece, likely, sink);
        }
    }

    private void grow(int candidate, ChatPiece piece, List<TokenProbability> likely, Consumer<StreamEvent> sink) {
        if (piece.text().isEmpty() && piece.kind() != PartKind.AUDIO) {
            return;
        }
        says(candidate);
        if (piece.kind() != PartKind.REASONING) {
            productive.add(candidate);
        }
        Open current = open.get(candidate);
        if (current == null || current.kind() != piece.kind()) {
            end(candidate, sink);
            if (piece.kind() != PartKind.REASONING) {
                hiddenBefore(candidate, sink);
            }
            current = new Open(piece.kind(), parts++);
            open.put(candidate, current);
            sink.accept(new StreamEvent.PartStart(candidate, current.part(), piece.kind(), null, null));
            if (piece.kind() == PartKind.TEXT) {
                texts.begin(candidate, current.part(), sink);
            }
        }
        if (!likely.isEmpty() && (piece.kind() == PartKind.TEXT || piece.kind() == PartKind.REFUSAL)) {
            sink.accept(new StreamEvent.PartProbabilities(current.part(), likely));
        }
        sink.accept(new StreamEvent.PartDelta(current.part(), piece.text()));
    }

    /** Reasoning as its provider wants it back; its text, where it stands nowhere else. */
    private void details(int candidate, JsonNode told, Consumer<StreamEvent> sink) {
        ReasoningDetails known = details.computeIfAbsent(candidate, unknown -> new ReasoningDetails());
        known.add(told);
        Open current = open.get(candidate);
        if (current == null || current.kind() != PartKind.REASONING) {
            String text = ReasoningDetails.text(told);
            if (!text.isEmpty()) {
                known.showText();
            }
        }
        if (known.showsText()) {
            grow(candidate, ChatPiece.text(PartKind.REASONING, ReasoningDetails.text(told)), List.of(), sink);
        }
    }

    /** A signature of Google's is a part of its own, before the call that it signs. */
    private void signed(int candidate, String signature, Consumer<StreamEvent> sink) {
        if (!signature.isEmpty()) {
            end(candidate, sink);
            hidden(candidate, new Opaque(GEMINI, Opaque.Kind.SIGNATURE, null, signature), sink);
        }
    }

    private void hidden(int candidate, Opaque opaque, Consumer<StreamEvent> sink) {
        int part = parts++;
        sink.accept(new StreamEvent.PartStart(candidate, part, PartKind.REDACTED_REASONING, null, null));
        sink.accept(new StreamEvent.PartSeal(part, opaque));
        sink.accept(new StreamEvent.PartEnd(part));
    }

    /** Reasoning that came before this, and of which nothing is shown, stands before it. */
    private void hiddenBefore(int candidate, Consumer<StreamEvent> sink) {
        ReasoningDetails known = details.get(candidate);
        if (known != null && !known.showsText() && known.isNeeded()) {
            details.remove(candidate);
            hidden(candidate, known.opaque(), sink);
        }
    }

    /** Something comes of a candidate, which has not ended then. */
    private void says(int candidate) {
        begun.add(candidate);
        spokeAfterwards |= ended.remove(candidate);
    }

    private void tool(int candidate, ChatPiece piece, Consumer<StreamEvent> sink) {
        ChatCalls.Call growing = calls.growing(candidate, piece);
        if (growing == null) {
            ChatCalls.Begun begun = calls.begun(candidate, piece);
            if (begun != null) {
                begin(candidate, begun, sink);
            }
        } else if (!piece.text().isEmpty()) {
            says(candidate);
            sink.accept(new StreamEvent.PartDelta(growing.part(), piece.text()));
        }
    }

    private void begin(int candidate, ChatCalls.Begun begun, Consumer<StreamEvent> sink) {
        ChatCalls.Call before = begun.before();
        if (before != null) {
            // nothing more comes of the one that had the index before
            sink.accept(new StreamEvent.PartEnd(before.part()));
        }
        endBeforeCall(candidate, sink);
        signed(candidate, begun.signature(), sink);
        says(candidate);
        productive.add(candidate);
        hiddenBefore(candidate, sink);
        int part = parts++;
        String id = calls.add(candidate, part, begun, salt);
        sink.accept(new StreamEvent.PartStart(candidate, part, PartKind.TOOL_CALL, id, begun.name()));
        if (!begun.arguments().isEmpty()) {
            sink.accept(new StreamEvent.PartDelta(part, begun.arguments()));
        }
    }

    /**
     * A candidate has ended, in the provider's word for it, as far as is known.
     *
     * @param error what the provider says of its failure beside that word
     */
    void finish(int candidate, String raw, VendorError error, Consumer<StreamEvent> sink) {
        FinishReason reason = ChatReasons.reason(raw);
        if (ChatReasons.isFailure(raw)) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(error)));
        } else if (calls.isNameless(candidate)
                || (reason == FinishReason.TOOL_ERROR && !productive.contains(candidate))) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.malformedCall()));
        } else if (ended.add(candidate) || saysMore(candidate, reason)) {
            begun.add(candidate);
            reasons.put(candidate, raw);
        }
    }

    /** Whether a further reason for the same end is one that a plain end is not. */
    private boolean saysMore(int candidate, FinishReason further) {
        return further != FinishReason.STOP
                && ChatReasons.reason(reasons.getOrDefault(candidate, "")) == FinishReason.STOP;
    }

    /** Nothing more comes: tells how the candidates have ended. */
    void close(Consumer<StreamEvent> sink) {
        if (closed) {
            return;
        }
        closed = true;
        Map<Integer, List<Integer>> unended = calls.parts();
        reasons.forEach((candidate, raw) -> {
            texts.end(candidate, sink);
            end(candidate, sink);
            ReasoningDetails late = details.remove(candidate);
            if (late != null && late.isNeeded()) {
                hidden(candidate, late.opaque(), sink);
            }
            unended.getOrDefault(candidate, List.of()).forEach(call -> sink.accept(new StreamEvent.PartEnd(call)));
            sink.accept(new StreamEvent.Finish(candidate, ChatReasons.reason(raw), raw));
        });
    }

    /** A text whose sources may still come does not end for a call: behind its end nobody could be told of them. */
    private void endBeforeCall(int candidate, Consumer<StreamEvent> sink) {
        Open current = open.get(candidate);
        boolean text = current != null && current.kind() == PartKind.TEXT;
        if (current != null && text && texts.waits(candidate, current.part())) {
            open.remove(candidate);
        }
        end(candidate, sink);
    }

    private void end(int candidate, Consumer<StreamEvent> sink) {
        Open current = open.remove(candidate);
        if (current != null) {
            ReasoningDetails known = current.kind() == PartKind.REASONING ? details.remove(candidate) : null;
            if (known != null && known.isNeeded()) {
                sink.accept(new StreamEvent.PartSeal(current.part(), known.opaque()));
            }
            sink.accept(new StreamEvent.PartEnd(current.part()));
        }
        String ofText = textSignatures.remove(candidate);
        if (ofText != null) {
            hidden(candidate, new Opaque(GEMINI, Opaque.Kind.TEXT_SIGNATURE, null, ofText), sink);
        }
    }
}
