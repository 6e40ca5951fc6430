package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.SseOutput;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the events of a stream: pieces of text as they come, calls once they are whole, and the end with the usage. */
final class GeminiStreamEncoder implements StreamEncoder {

    private final AnswerContext context;
    private final List<StreamEvent.Finish> finishes = new ArrayList<>();
    private final Map<Integer, StreamedCandidate> candidates = new TreeMap<>();
    /** Whose part it is, by the part's number. */
    private final Map<Integer, StreamedCandidate> parts = new HashMap<>();

    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String model;
    private @Nullable Usage usage;

    GeminiStreamEncoder(AnswerContext context) {
        this.context = context;
        this.model = context.model();
    }

    @Override
    public void encode(StreamEvent event, ByteArrayOutputStream to) {
        out = to;
        switch (event) {
            case StreamEvent.Start start -> model = start.model().isEmpty() ? model : start.model();
            case StreamEvent.UsageUpdate update -> usage = update.usage();
            case StreamEvent.PartStart start -> {
                StreamedCandidate candidate = candidate(start.candidate());
                parts.put(start.part(), candidate);
                candidate.accept(start);
            }
            case StreamEvent.PartDelta delta -> inside(delta.part(), delta);
            case StreamEvent.PartSeal seal -> inside(seal.part(), seal);
            case StreamEvent.PartSource source -> inside(source.part(), source);
            case StreamEvent.PartProbabilities tokens -> inside(tokens.part(), tokens);
            case StreamEvent.PartEnd end -> inside(end.part(), end);
            case StreamEvent.Finish finish -> finishes.add(finish);
            case StreamEvent.End end -> close(end);
            case StreamEvent.OwnWork work -> {
                // cannot be said
            }
            case StreamEvent.Failure failure -> {
                // told by the format's errors
            }
        }
    }

    @Override
    public void fail(ApiError error, ByteArrayOutputStream to) {
        to.writeBytes(GeminiFormat.INSTANCE.errors().renderInStream(error));
    }

    private StreamedCandidate candidate(int number) {
        return candidates.computeIfAbsent(number, first -> new StreamedCandidate(first, context, this::one));
    }

    private void inside(int part, StreamEvent event) {
        StreamedCandidate candidate = parts.get(part);
        if (candidate != null) {
            candidate.accept(event);
        }
    }

    private void close(StreamEvent.End end) {
        candidates.values().forEach(candidate -> candidate.accept(end));
        ObjectNode response = Json.object();
        ArrayNode written = response.putArray("candidates");
        List<StreamEvent.Finish> ends =
                finishes.isEmpty() ? List.of(new StreamEvent.Finish(0, FinishReason.STOP, "")) : finishes;
        ends.forEach(finish -> written.add(candidate(finish.candidate()).ended(finish)));
        Usage known = usage;
        if (known != null) {
            response.set("usageMetadata", GeminiWriter.usage(known));
        }
        event(response);
    }

    private void one(ObjectNode candidate) {
        ObjectNode response = Json.object();
        response.putArray("candidates").add(candidate);
        event(response);
    }

    private void event(ObjectNode response) {
        SseOutput.writeAsGoogle(GeminiWriter.named(response, model, context), out);
    }
}
