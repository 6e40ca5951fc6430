package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.SseOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the chunks of a streamed completion. */
final class CompletionsStreamEncoder implements StreamEncoder {

    private static final class Open {
        private final int candidate;
        private final PartKind kind;
        /** Which of the candidate's calls or pictures it is. */
        private final int call;

        private final boolean custom;
        private final @Nullable String name;
        /** Where a text begins in the message's whole text, in code points. */
        private final int offset;

        private final List<Annotation> sources = new ArrayList<>(0);
        private int length;
        private boolean ended;

        Open(StreamEvent.PartStart start, int call, boolean custom, int offset) {
            this.candidate = start.candidate();
            this.kind = start.kind();
            this.name = start.name();
            this.call = call;
            this.custom = custom;
            this.offset = offset;
        }
    }

    private final AnswerContext context;
    private final Map<Integer, Open> parts = new HashMap<>();
    private final Map<Integer, Integer> calls = new HashMap<>();
    private final Map<Integer, Integer> pictures = new HashMap<>();
    private final Map<Integer, Integer> lengths = new HashMap<>();
    private final Map<Integer, List<TokenProbability>> likely = new HashMap<>();
    private final Map<Integer, StringBuilder> thoughts = new HashMap<>();
    /** The thoughts of candidates that were told last. */
    private final Map<Integer, Integer> thinking = new HashMap<>();

    private final Set<Integer> begun = new HashSet<>();
    private final Set<Integer> declined = new HashSet<>();
    /** Why candidates have ended that the client has not been told of yet. */
    private final Map<Integer, String> reasons = new LinkedHashMap<>();

    private final Map<Integer, ArrayNode> annotations = new LinkedHashMap<>();

    private String model;
    private @Nullable Usage usage;
    private int details;
    private JsonNode logprobs = Json.nothing();
    private ByteArrayOutputStream out = new ByteArrayOutputStream();

    CompletionsStreamEncoder(AnswerContext context) {
        this.context = context;
        this.model = context.model();
    }

    @Override
    public void encode(StreamEvent event, ByteArrayOutputStream to) {
        out = to;
        switch (event) {
            case StreamEvent.Start start -> model = start.model().isEmpty() ? model : start.model();
            case StreamEvent.UsageUpdate update -> usage = update.usage();
            case StreamEvent.PartStart start -> start(start);
            case StreamEvent.PartDelta delta -> delta(delta);
            case StreamEvent.PartSeal seal -> seal(seal);
            case StreamEvent.Finish finish -> finish(finish);
            case StreamEvent.End end -> end();
            case StreamEvent.PartSource source -> source(source);
            case StreamEvent.PartProbabilities tokens ->
                likely.computeIfAbsent(tokens.part(), first -> new ArrayList<>())
                        .addAll(tokens.tokens());
            case StreamEvent.PartEnd end -> end(end.part());
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
        to.writeBytes(OpenAiChatFormat.INSTANCE.errors().renderInStream(error));
    }

    private void start(StreamEvent.PartStart start) {
        boolean call = start.kind() == PartKind.TOOL_CALL;
        boolean picture = start.kind() == PartKind.IMAGE;
        int number = call
                ? calls.merge(start.candidate(), 1, Integer::sum) - 1
                : picture ? pictures.merge(start.candidate(), 1, Integer::sum) - 1 : 0;
        boolean custom = call && context.request().isCustom(start.name());
        if (start.apart() && lengths.getOrDefault(start.candidate(), 0) > 0) {
            lengths.merge(start.candidate(), CompletionWriter.PARAGRAPH.length(), Integer::sum);
            chunk(start.candidate(), Json.object().put("content", CompletionWriter.PARAGRAPH), null);
        }
        parts.put(start.part(), new Open(start, number, custom, lengths.getOrDefault(start.candidate(), 0)));
        if (call && context.request().legacyFunctions()) {
            function(number, start.candidate(), start.name(), "");
        } else if (call) {
            ObjectNode delta = Json.object();
            ObjectNode written = toolCall(delta, number)
                    .put("id", IdRule.SHORT.apply(start.callId() == null ? "" : start.callId()))
                    .put("type", custom ? "custom" : "function");
            written.putObject(custom ? "custom" : "function")
                    .put("name", start.name())
                    .put(custom ? "input" : "arguments", "");
            chunk(start.candidate(), delta, null);
        }
    }

    private void delta(StreamEvent.PartDelta event) {
        Open part = parts.get(event.part());
        if (part == null) {
            return;
        }
        ObjectNode delta = Json.object();
        switch (part.kind) {
            case TEXT -> {
                int length = event.text().codePointCount(0, event.text().length());
                part.length += length;
                lengths.merge(part.candidate, length, Integer::sum);
                delta.put("content", event.text());
            }
            case REFUSAL -> {
                declined.add(part.candidate);
                delta.put("refusal", event.text());
            }
            case REASONING -> {
                thoughts.computeIfAbsent(event.part(), unknown -> new StringBuilder())
                        .append(event.text());
                String between = event.text().isEmpty() ? "" : betweenThoughts(part.candidate, event.part());
                delta.put("reasoning_content", between + event.text());
            }
            case TOOL_CALL -> {
                part.length += event.text().length();
                if (context.request().legacyFunctions()) {
                    function(part.call, part.candidate, null, event.text());
                    return;
                }
                toolCall(delta, part.call)
                        .putObject(part.custom ? "custom" : "function")
                        .put(part.custom ? "input" : "arguments", event.text());
            }
            case IMAGE -> delta.putArray("images").add(CompletionWriter.image(part.name, event.text(), part.call));
            case REDACTED_REASONING, AUDIO -> {
                return;
            }
        }
        likely(part, event.part());
        chunk(part.candidate, delta, null);
    }

    private String betweenThoughts(int candidate, int part) {
        Integer before = thinking.put(candidate, part);
        return before == null || before == part ? "" : CompletionWriter.PARAGRAPH;
    }

    private void seal(StreamEvent.PartSeal event) {
        Open part = parts.get(event.part());
        if (part == null
                || (part.kind == PartKind.TOOL_CALL && context.request().legacyFunctions())) {
            return;
        }
        ObjectNode delta = Json.object();
        if (part.kind == PartKind.TOOL_CALL) {
            CompletionWriter.signature(toolCall(delta, part.call), event.opaque(), context);
        } else {
            // a thought that is signed again is not told again
            StringBuilder thought = thoughts.remove(event.part());
            String text = thought == null ? "" : thought.toString();
            delta.set(
                    "reasoning_details", CompletionWriter.details(part.kind, text, event.opaque(), details++, context));
        }
        chunk(part.candidate, delta, null);
    }

    /** A source of a whole part waits until its length is known. */
    private void source(StreamEvent.PartSource event) {
        Open part = parts.get(event.part());
        if (part == null || part.kind != PartKind.TEXT) {
            return;
        }
        if (event.annotation().isOfDocument()) {
            return;
        }
        if (event.annotation().isOfPart() && !part.ended) {
            part.sources.add(event.annotation());
        } else {
            annotate(part, List.of(event.annotation()));
        }
    }

    /** All sources of a candidate go out together at its end: clients that put pieces together keep only the last list, or want places in it. */
    private void annotate(Open part, List<Annotation> sources) {
        ArrayNode all = annotations.computeIfAbsent(part.candidate, first -> Json.array());
        sources.forEach(source -> all.add(CompletionWriter.annotation(source.within(part.offset, part.length))
                .put("index", all.size())));
    }

    /** The tokens go out with the text that they are of. */
    private void likely(Open part, int number) {
        List<TokenProbability> tokens = likely.remove(number);
        if (tokens != null) {
            ArrayNode written = Probabilities.written(tokens);
            boolean text = part.kind == PartKind.TEXT;
            logprobs = CompletionWriter.logprobs(text ? written : Json.array(), text ? Json.array() : written);
        }
    }

    private void end(int number) {
        Open part = parts.get(number);
        if (part == null) {
            return;
        }
        part.ended = true;
        if (!part.sources.isEmpty()) {
            annotate(part, part.sources);
            part.sources.clear();
        }
        if (part.kind == PartKind.TOOL_CALL && !part.custom && part.length == 0) {
            // clients read what they have collected as JSON
            if (context.request().legacyFunctions()) {
                function(part.call, part.candidate, null, "{}");
                return;
            }
            ObjectNode none = Json.object();
            toolCall(none, part.call).putObject("function").put("arguments", "{}");
            chunk(part.candidate, none, null);
        }
        likely(part, number);
        if (!logprobs.isNull()) {
            chunk(part.candidate, Json.object(), null);
        }
    }

    private void finish(StreamEvent.Finish finish) {
        String said = CompletionWriter.declined(finish.reason(), finish.detail());
        if (!said.isEmpty() && !declined.contains(finish.candidate())) {
            chunk(finish.candidate(), Json.object().put("refusal", said), null);
        }
        // a client takes the reason for the end, which it is only when the provider has said all
        reasons.put(
                finish.candidate(),
                CompletionWriter.reason(finish.reason(), calls.containsKey(finish.candidate()), context));
    }

    private void end() {
        annotations.forEach((candidate, all) -> {
            ObjectNode delta = Json.object();
            delta.set("annotations", all);
            chunk(candidate, delta, null);
        });
        reasons.forEach((candidate, reason) -> chunk(candidate, Json.object(), reason));
        Usage known = usage;
        if (context.usageAsked() && known != null) {
            ObjectNode chunk = CompletionWriter.head(context, "chat.completion.chunk", model);
            chunk.putArray("choices");
            chunk.set("usage", CompletionWriter.usage(known));
            write(chunk);
        }
        out.writeBytes("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** A call as it was before there could be several. */
    private void function(int number, int candidate, @Nullable String name, String arguments) {
        if (number > 0) {
            return;
        }
        ObjectNode delta = Json.object();
        ObjectNode call = delta.putObject("function_call");
        if (name != null) {
            call.put("name", name);
        }
        call.put("arguments", arguments);
        chunk(candidate, delta, null);
    }

    private static ObjectNode toolCall(ObjectNode delta, int number) {
        return delta.putArray("tool_calls").addObject().put("index", number);
    }

    private void chunk(int candidate, ObjectNode delta, @Nullable String reason) {
        if (begun.add(candidate)) {
            ObjectNode role = Json.object().put("role", "assistant").put("content", "");
            one(candidate, role, null, Json.nothing());
        }
        one(candidate, delta, reason, logprobs);
        logprobs = Json.nothing();
    }

    private void one(int candidate, ObjectNode delta, @Nullable String reason, JsonNode tokens) {
        ObjectNode chunk = CompletionWriter.head(context, "chat.completion.chunk", model);
        ArrayNode choices = chunk.putArray("choices");
        ObjectNode choice = choices.addObject().put("index", candidate);
        choice.set("delta", delta);
        choice.set("logprobs", tokens);
        if (reason == null) {
            choice.putNull("finish_reason");
        } else {
            choice.put("finish_reason", reason);
        }
        if (context.usageAsked()) {
            chunk.putNull("usage");
        }
        write(chunk);
    }

    private void write(ObjectNode chunk) {
        SseOutput.write(chunk, out);
    }
}
