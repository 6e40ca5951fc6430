package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.PartSequencer;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes one candidate of a stream: its parts come one after another, whatever others of the same answer do meanwhile. */
final class StreamedCandidate {

    private final int candidate;
    private final AnswerContext context;
    private final Consumer<ObjectNode> sink;
    private final PartSequencer sequencer = new PartSequencer(this::write, this::late);
    private final StringBuilder arguments = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    /** How many code points the text has. */
    private int points;

    /** @param offset how many code points of the candidate's text stand before it */
    private record Place(int offset, int length) {}

    /** Where texts stand that have ended. */
    private final Map<Integer, Place> places = new HashMap<>(2);

    private final List<Annotation> cited = new ArrayList<>(0);
    private final List<Annotation> waiting = new ArrayList<>(0);
    private final List<TokenProbability> likely = new ArrayList<>(0);
    private int length;

    private StreamEvent.@Nullable PartStart open;
    private @Nullable Opaque seal;
    /** Of a thought that nobody is shown: on a call behind it, clients send it back for sure. */
    private @Nullable Opaque hidden;

    /** The end of a thought, for its signature to stand on: clients forget one that stands on nothing. */
    private String held = "";

    private final StringBuilder thought = new StringBuilder();
    private final ThoughtOnCall onCall = new ThoughtOnCall();
    private boolean calls;
    /** A call that may have been cut: it leaves when it is known that it was not. */
    private @Nullable ObjectNode unsure;

    /** @param sink takes what an event has of the candidate */
    StreamedCandidate(int candidate, AnswerContext context, Consumer<ObjectNode> sink) {
        this.candidate = candidate;
        this.context = context;
        this.sink = sink;
    }

    /** Takes the next event of the candidate. */
    void accept(StreamEvent event) {
        sequencer.accept(event);
    }

    private void write(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start -> start(start);
            case StreamEvent.PartDelta delta -> delta(delta.text());
            case StreamEvent.PartSeal sealed -> seal(sealed.opaque());
            case StreamEvent.PartEnd end -> end();
            case StreamEvent.End end -> showHidden();
            case StreamEvent.PartSource source -> source(source.annotation());
            case StreamEvent.PartProbabilities tokens -> likely.addAll(tokens.tokens());
            case StreamEvent.Start start -> ofAnswer();
            case StreamEvent.UsageUpdate usage -> ofAnswer();
            case StreamEvent.Finish finish -> ofAnswer();
            case StreamEvent.OwnWork work -> ofAnswer();
            case StreamEvent.Failure failure -> ofAnswer();
        }
    }

    private static void ofAnswer() {
        // is of the whole answer
    }

    private void start(StreamEvent.PartStart start) {
        sure();
        if (start.kind() != PartKind.TOOL_CALL) {
            showHidden();
        }
        if (start.apart() && !text.isEmpty()) {
            // clients join all texts
            text.append(GeminiWriter.PARAGRAPH);
            points += GeminiWriter.PARAGRAPH.length();
            one(GeminiWriter.text(GeminiWriter.PARAGRAPH, false));
        }
        open = start;
        thought.setLength(0);
        length = 0;
        arguments.setLength(0);
    }

    /** Signatures of what is not shown stand on the call that follows. */
    private void seal(Opaque opaque) {
        StreamEvent.PartStart part = open;
        boolean redacted = part != null && part.kind() == PartKind.REDACTED_REASONING;
        if (part != null && opaque.kind() == Opaque.Kind.TEXT_SIGNATURE) {
            one(GeminiWriter.signed(GeminiWriter.text("", false), opaque, context));
        } else if (part != null && redacted && !opaque.family().equals(GeminiFormat.ID)) {
            onCall.hidden();
            hidden = opaque;
        } else {
            seal = opaque;
        }
    }

    private void delta(String said) {
        StreamEvent.PartStart part = open;
        if (part == null) {
            return;
        }
        switch (part.kind()) {
            case TEXT, REFUSAL -> {
                onCall.says();
                text.append(said);
                int more = said.codePointCount(0, said.length());
                length += more;
                points += more;
                one(GeminiWriter.text(said, false));
            }
            case REASONING -> {
                thought.append(said);
                thought(held + said);
            }
            case TOOL_CALL -> arguments.append(said);
            case IMAGE -> one(GeminiWriter.image(part.name(), said));
            case REDACTED_REASONING, AUDIO -> {
                // has nothing to show
            }
        }
    }

    private void thought(String said) {
        int end = said.isEmpty() ? 0 : said.offsetByCodePoints(said.length(), -1);
        held = said.substring(end);
        if (end > 0) {
            one(GeminiWriter.text(said.substring(0, end), true));
        }
    }

    private void showHidden() {
        Opaque carried = hidden;
        if (carried != null) {
            hidden = null;
            one(GeminiWriter.signed(GeminiWriter.text("", true), carried, context));
        }
    }

    private void end() {
        StreamEvent.PartStart part = open;
        open = null;
        if (part == null) {
            return;
        }
        if (part.kind() == PartKind.TEXT) {
            places.put(part.part(), new Place(points - length, length));
            waiting.forEach(source -> cited.add(source.within(points - length, length)));
            waiting.clear();
        }
        if (part.kind() == PartKind.TOOL_CALL) {
            if (seal != null) {
                showHidden();
            }
            String said = arguments.toString();
            ObjectNode read = Arguments.object(said);
            ObjectNode call = GeminiWriter.call(part.callId(), part.name(), read);
            if (!onCall.isAlone()) {
                showHidden();
            }
            Opaque shown = onCall.calls();
            Opaque signature = seal != null ? seal : hidden != null ? hidden : shown;
            ObjectNode marked = GeminiWriter.marked(GeminiWriter.signed(call, signature, context), context);
            seal = null;
            hidden = null;
            if (Arguments.mayBeCut(read, said)) {
                unsure = marked;
            } else {
                called(marked);
            }
        } else if (part.kind() == PartKind.REASONING && held.isEmpty() && isForeign(seal)) {
            onCall.shown("", seal);
            hidden = seal;
            seal = null;
        } else if (part.kind() == PartKind.REASONING && (seal != null || !held.isEmpty())) {
            Opaque ofText = seal == null ? null : Signatures.about(thought.toString(), seal);
            onCall.shown(thought.toString(), seal);
            one(GeminiWriter.signed(GeminiWriter.text(held, true), ofText, context));
            seal = null;
            held = "";
        } else if (part.kind() == PartKind.REASONING) {
            onCall.shown(thought.toString(), null);
        }
    }

    private void called(ObjectNode call) {
        one(call);
        calls = true;
    }

    /** What follows a call shows that the call was not cut. */
    private void sure() {
        ObjectNode call = unsure;
        unsure = null;
        if (call != null) {
            called(call);
        }
    }

    private static boolean isForeign(@Nullable Opaque signature) {
        return signature != null && !signature.family().equals(GeminiFormat.ID);
    }

    /** Sources leave with the end, because they may come late; where they are is known when their part ends. */
    private void source(Annotation annotation) {
        if (open != null && open.kind() == PartKind.TEXT) {
            waiting.add(annotation);
        }
    }

    /** A source of a text that has ended stands beside the others. */
    private void late(StreamEvent.PartSource source) {
        Place place = places.get(source.part());
        if (place != null) {
            cited.add(source.annotation().within(place.offset(), place.length()));
        }
    }

    /** A signature that no call has followed signs what was said. */
    private ObjectNode last() {
        ObjectNode nothing = GeminiWriter.text("", false);
        Opaque waitingSeal = seal;
        seal = null;
        return waitingSeal == null ? nothing : GeminiWriter.signed(nothing, waitingSeal, context);
    }

    /** What the candidate has in the last event: where its text comes from, and why it has ended. */
    ObjectNode ended(StreamEvent.Finish finish) {
        if (!GeminiWriter.cuts(finish.reason())) {
            sure();
        }
        ObjectNode last = Json.object();
        last.putObject("content").put("role", "model").putArray("parts").add(last());
        if (!cited.isEmpty()) {
            last.set("groundingMetadata", Grounding.written(Map.of(0, new Grounding.Cited(text.toString(), cited))));
        }
        last.put("finishReason", GeminiWriter.reason(finish.reason(), calls)).put("index", candidate);
        if (finish.detail() != null && finish.reason() != FinishReason.STOP_SEQUENCE) {
            last.put("finishMessage", finish.detail());
        }
        return last;
    }

    private void one(ObjectNode part) {
        ObjectNode written = Json.object();
        written.putObject("content").put("role", "model").putArray("parts").add(part);
        if (!likely.isEmpty()) {
            written.set("logprobsResult", Likelihoods.written(likely));
            likely.clear();
        }
        sink.accept(written.put("index", candidate));
    }
}
