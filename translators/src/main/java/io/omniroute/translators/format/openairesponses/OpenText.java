package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The text that a stream is writing, with its sources and how likely its tokens were. Not thread-safe. */
final class OpenText {

    private final ResponseWriter writer;
    private final ResponsesEvents events;
    private final OpenItem item;
    /** How many code points it has. */
    private int points;

    private final List<Annotation> sources = new ArrayList<>();
    /** Sources of the whole text, whose length is not known yet. */
    private final List<Annotation> waiting = new ArrayList<>();

    private final ArrayNode likely = Json.array();
    /** Those of the words that come next. */
    private final ArrayNode next = Json.array();

    OpenText(ResponseWriter writer, ResponsesEvents events, OpenItem item) {
        this.writer = writer;
        this.events = events;
        this.item = item;
    }

    /** Forgets the one before. */
    void reset() {
        points = 0;
        sources.clear();
        waiting.clear();
        likely.removeAll();
        next.removeAll();
    }

    void likely(StreamEvent.PartProbabilities tokens) {
        next.addAll(Probabilities.written(tokens.tokens()));
    }

    void delta(String piece) {
        points += piece.codePointCount(0, piece.length());
        ObjectNode fields = item.inContent().put("delta", piece);
        fields.set("logprobs", next.deepCopy());
        likely.addAll(next);
        next.removeAll();
        events.event("response.output_text.delta", fields);
    }

    /** A source of a whole part waits until its length is known. */
    void source(Annotation annotation) {
        if (annotation.isOfPart()) {
            waiting.add(annotation);
        } else {
            annotate(annotation);
        }
    }

    private void annotate(Annotation annotation) {
        ObjectNode fields = item.inContent().put("annotation_index", sources.size());
        fields.set("annotation", ResponseWriter.annotation(annotation, points));
        sources.add(annotation);
        events.event("response.output_text.annotation.added", fields);
    }

    /** Ends it with all its words. */
    void end(String whole) {
        waiting.forEach(this::annotate);
        likely.addAll(next);
        ObjectNode done = item.inContent().put("text", whole);
        done.set("logprobs", likely.deepCopy());
        events.event("response.output_text.done", done);
        item.endPart(soFar(whole));
    }

    /** The part that it is with these words. */
    ObjectNode soFar(String text) {
        return writer.text(text, sources, likely.deepCopy());
    }
}
