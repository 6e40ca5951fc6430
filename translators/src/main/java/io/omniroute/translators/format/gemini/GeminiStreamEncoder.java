package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.PartSequencer;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.SseOutput;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the events of a stream: pieces of text as they come, calls once they are whole, and the end with the usage. */
final class GeminiStreamEncoder implements StreamEncoder {

    private final AnswerContext context;
    private final PartSequencer sequencer = new PartSequencer(this::write);
    private final List<StreamEvent.Finish> finishes = new ArrayList<>();
    private final StringBuilder arguments = new StringBuilder();
    private final Map<Integer, StringBuilder> texts = new HashMap<>();
    /** How many code points these texts have. */
    private final Map<Integer, Integer> points = new HashMap<>();

    private final Map<Integer, List<Annotation>> cited = new HashMap<>();
    private final List<Annotation> waiting = new ArrayList<>();
    private final List<TokenProbability> likely = new ArrayList<>();
    private int length;

    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String model;
    private @Nullable Usage usage;
    private StreamEvent.@Nullable PartStart open;
    private @Nullable Opaque seal;
    /** Of a thought that nobody is shown: on a call behind it, clients send it back for sure. */
    private @Nullable Opaque hidden;

    private int hiddenOf;
    /** The end of a thought, for its signature to stand on: clients forget one that stands on nothing. */
    private String held = "";

    private final StringBuilder thought = new StringBuilder();
    private final Map<Integer, ThoughtOnCall> onCall = new HashMap<>();
    /** Candidates that call tools. */
    private final Set<Integer> callers = new HashSet<>();

    GeminiStreamEncoder(AnswerContext context) {
        this.context = context;
        this.model = context.model();
    }

    @Override
    public void encode(StreamEvent event, ByteArrayOutputStream to) {
        out = to;
        sequencer.accept(event);
    }

    @Override
    public void fail(ApiError error, ByteArrayOutputStream to) {
        to.writeBytes(GeminiFormat.INSTANCE.errors().renderInStream(error));
    }

    private void write(StreamEvent event) {
        switch (event) {
            case StreamEvent.Start start -> model = start.model().isEmpty() ? model : start.model();
            case StreamEvent.UsageUpdate update -> usage = update.usage();
            case StreamEvent.PartStart start -> {
                if (start.kind() != PartKind.TOOL_CALL) {
                    showHidden();
                }
                StringBuilder said = texts.get(start.candidate());
                if (start.apart() && said != null) {
                    // clients join all texts
                    said.append(GeminiWriter.PARAGRAPH);
                    points.merge(start.candidate(), GeminiWriter.PARAGRAPH.length(), Integer::sum);
                    one(start.candidate(), GeminiWriter.text(GeminiWriter.PARAGRAPH, false));
                }
                open = start;
                thought.setLength(0);
                length = 0;
                arguments.setLength(0);
            }
            case StreamEvent.PartDelta delta -> delta(delta.text());
            case StreamEvent.PartSeal sealed -> seal(sealed.opaque());
            case StreamEvent.PartEnd end -> end();
            case StreamEvent.Finish finish -> finishes.add(finish);
            case StreamEvent.End end -> close();
            case StreamEvent.PartSource source -> source(source.annotation());
            case StreamEvent.PartProbabilities tokens -> likely.addAll(tokens.tokens());
            case StreamEvent.OwnWork work -> {
                // cannot be said
            }
            case StreamEvent.Failure failure -> {
                // told by the format's errors
            }
        }
    }

    /** Signatures of what is not shown stand on the call that follows. */
    private void seal(Opaque opaque) {
        StreamEvent.PartStart part = open;
        boolean redacted = part != null && part.kind() == PartKind.REDACTED_REASONING;
        if (part != null && opaque.kind() == Opaque.Kind.TEXT_SIGNATURE) {
            one(part.candidate(), GeminiWriter.signed(GeminiWriter.text("", false), opaque, context));
        } else if (part != null && redacted && !opaque.family().equals(GeminiFormat.ID)) {
            thoughts(part.candidate()).hidden();
            hidden = opaque;
            hiddenOf = part.candidate();
        } else {
            seal = opaque;
        }
    }

    private void delta(String text) {
        StreamEvent.PartStart part = open;
        if (part == null) {
            return;
        }
        switch (part.kind()) {
            case TEXT, REFUSAL -> {
                thoughts(part.candidate()).says();
                texts.computeIfAbsent(part.candidate(), unknown -> new StringBuilder())
                        .append(text);
                int more = text.codePointCount(0, text.length());
                length += more;
                points.merge(part.candidate(), more, Integer::sum);
                one(part.candidate(), GeminiWriter.text(text, false));
            }
            case REASONING -> {
                thought.append(text);
                thought(part.candidate(), held + text);
            }
            case TOOL_CALL -> arguments.append(text);
            case IMAGE -> one(part.candidate(), GeminiWriter.image(part.name(), text));
            case REDACTED_REASONING, AUDIO -> {
                // has nothing to show
            }
        }
    }

    private void thought(int candidate, String text) {
        int end = text.isEmpty() ? 0 : text.offsetByCodePoints(text.length(), -1);
        held = text.substring(end);
        if (end > 0) {
            one(candidate, GeminiWriter.text(text.substring(0, end), true));
        }
    }

    private void showHidden() {
        Opaque carried = hidden;
        if (carried != null) {
            hidden = null;
            one(hiddenOf, GeminiWriter.signed(GeminiWriter.text("", true), carried, context));
        }
    }

    private void end() {
        StreamEvent.PartStart part = open;
        open = null;
        if (part == null) {
            return;
        }
        if (!waiting.isEmpty()) {
            List<Annotation> of = cited.computeIfAbsent(part.candidate(), unknown -> new ArrayList<>());
            int offset = points.getOrDefault(part.candidate(), 0) - length;
            waiting.forEach(source -> of.add(source.within(offset, length)));
            waiting.clear();
        }
        if (part.kind() == PartKind.TOOL_CALL) {
            if (seal != null || hiddenOf != part.candidate()) {
                showHidden();
            }
            ObjectNode call = GeminiWriter.call(part.callId(), part.name(), arguments.toString());
            ThoughtOnCall before = thoughts(part.candidate());
            if (!before.isAlone()) {
                showHidden();
            }
            Opaque shown = before.calls();
            Opaque signature = seal != null ? seal : hidden != null ? hidden : shown;
            one(part.candidate(), GeminiWriter.marked(GeminiWriter.signed(call, signature, context), context));
            callers.add(part.candidate());
            seal = null;
            hidden = null;
        } else if (part.kind() == PartKind.REASONING && held.isEmpty() && isForeign(seal)) {
            thoughts(part.candidate()).shown("", seal);
            hidden = seal;
            hiddenOf = part.candidate();
            seal = null;
        } else if (part.kind() == PartKind.REASONING && (seal != null || !held.isEmpty())) {
            Opaque ofText = seal == null ? null : Signatures.about(thought.toString(), seal);
            thoughts(part.candidate()).shown(thought.toString(), seal);
            one(part.candidate(), GeminiWriter.signed(GeminiWriter.text(held, true), ofText, context));
            seal = null;
            held = "";
        } else if (part.kind() == PartKind.REASONING) {
            thoughts(part.candidate()).shown(thought.toString(), null);
        }
    }

    private ThoughtOnCall thoughts(int candidate) {
        return onCall.computeIfAbsent(candidate, unknown -> new ThoughtOnCall());
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

    /** A signature that no call has followed signs what was said. */
    private ObjectNode last() {
        ObjectNode text = GeminiWriter.text("", false);
        Opaque waitingSeal = seal;
        seal = null;
        return waitingSeal == null ? text : GeminiWriter.signed(text, waitingSeal, context);
    }

    private void close() {
        showHidden();
        ObjectNode response = Json.object();
        ArrayNode candidates = response.putArray("candidates");
        List<StreamEvent.Finish> ends =
                finishes.isEmpty() ? List.of(new StreamEvent.Finish(0, FinishReason.STOP, "")) : finishes;
        for (StreamEvent.Finish finish : ends) {
            ObjectNode candidate = candidates.addObject();
            candidate
                    .putObject("content")
                    .put("role", "model")
                    .putArray("parts")
                    .add(last());
            List<Annotation> sources = cited.get(finish.candidate());
            if (sources != null) {
                String text = texts.getOrDefault(finish.candidate(), new StringBuilder())
                        .toString();
                candidate.set("groundingMetadata", Grounding.written(Map.of(0, new Grounding.Cited(text, sources))));
            }
            candidate
                    .put("finishReason", GeminiWriter.reason(finish.reason(), callers.contains(finish.candidate())))
                    .put("index", finish.candidate());
            if (finish.detail() != null && finish.reason() != FinishReason.STOP_SEQUENCE) {
                candidate.put("finishMessage", finish.detail());
            }
        }
        Usage known = usage;
        if (known != null) {
            response.set("usageMetadata", GeminiWriter.usage(known));
        }
        event(response);
    }

    private void one(int candidate, ObjectNode part) {
        ObjectNode response = Json.object();
        ObjectNode written = response.putArray("candidates").addObject();
        written.putObject("content").put("role", "model").putArray("parts").add(part);
        if (!likely.isEmpty()) {
            written.set("logprobsResult", Likelihoods.written(likely));
            likely.clear();
        }
        written.put("index", candidate);
        event(response);
    }

    private void event(ObjectNode response) {
        SseOutput.writeAsGoogle(GeminiWriter.named(response, model, context), out);
    }
}
