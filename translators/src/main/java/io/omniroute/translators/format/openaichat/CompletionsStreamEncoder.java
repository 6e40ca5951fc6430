package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the chunks of a streamed completion. */
final class CompletionsStreamEncoder implements StreamEncoder {

    private record Open(int candidate, PartKind kind, int call, boolean custom) {}

    private final AnswerContext context;
    private final Map<Integer, Open> parts = new HashMap<>();
    private final Map<Integer, Integer> calls = new HashMap<>();
    private final Map<Integer, StringBuilder> thoughts = new HashMap<>();
    private final Set<Integer> begun = new HashSet<>();
    private final Set<Integer> declined = new HashSet<>();
    private String model;
    private @Nullable Usage usage;
    private int details;
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
            case StreamEvent.PartEnd end -> {
                // a chunk's part has no end of its own
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
        int number = call ? calls.merge(start.candidate(), 1, Integer::sum) - 1 : 0;
        boolean custom = call && context.request().isCustom(start.name());
        parts.put(start.part(), new Open(start.candidate(), start.kind(), number, custom));
        if (call) {
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
        switch (part.kind()) {
            case TEXT -> delta.put("content", event.text());
            case REFUSAL -> {
                declined.add(part.candidate());
                delta.put("refusal", event.text());
            }
            case REASONING -> {
                thoughts.computeIfAbsent(event.part(), unknown -> new StringBuilder())
                        .append(event.text());
                delta.put("reasoning_content", event.text());
            }
            case TOOL_CALL ->
                toolCall(delta, part.call())
                        .putObject(part.custom() ? "custom" : "function")
                        .put(part.custom() ? "input" : "arguments", event.text());
            case REDACTED_REASONING, AUDIO -> {
                return;
            }
        }
        chunk(part.candidate(), delta, null);
    }

    private void seal(StreamEvent.PartSeal event) {
        Open part = parts.get(event.part());
        if (part == null) {
            return;
        }
        ObjectNode delta = Json.object();
        if (part.kind() == PartKind.TOOL_CALL) {
            CompletionWriter.signature(toolCall(delta, part.call()), event.opaque(), context);
        } else {
            delta.putArray("reasoning_details")
                    .add(CompletionWriter.detail(
                            part.kind(),
                            thoughts.getOrDefault(event.part(), new StringBuilder())
                                    .toString(),
                            event.opaque(),
                            details++,
                            context));
        }
        chunk(part.candidate(), delta, null);
    }

    private void source(StreamEvent.PartSource event) {
        Open part = parts.get(event.part());
        if (part != null) {
            ObjectNode delta = Json.object();
            delta.putArray("annotations")
                    .addObject()
                    .put("type", "url_citation")
                    .putObject("url_citation")
                    .put("start_index", Math.max(0, event.annotation().start()))
                    .put("end_index", Math.max(0, event.annotation().end()))
                    .put("url", event.annotation().url())
                    .put("title", event.annotation().title());
            chunk(part.candidate(), delta, null);
        }
    }

    private void finish(StreamEvent.Finish finish) {
        String said = CompletionWriter.declined(finish.reason(), finish.detail());
        if (!said.isEmpty() && !declined.contains(finish.candidate())) {
            chunk(finish.candidate(), Json.object().put("refusal", said), null);
        }
        chunk(
                finish.candidate(),
                Json.object(),
                CompletionWriter.reason(finish.reason(), calls.containsKey(finish.candidate())));
    }

    private void end() {
        Usage known = usage;
        if (context.usageAsked() && known != null) {
            ObjectNode chunk = CompletionWriter.head(context, "chat.completion.chunk", model);
            chunk.putArray("choices");
            chunk.set("usage", CompletionWriter.usage(known));
            write(chunk);
        }
        out.writeBytes("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static ObjectNode toolCall(ObjectNode delta, int number) {
        return delta.putArray("tool_calls").addObject().put("index", number);
    }

    private void chunk(int candidate, ObjectNode delta, @Nullable String reason) {
        if (begun.add(candidate)) {
            ObjectNode role = Json.object().put("role", "assistant").put("content", "");
            one(candidate, role, null);
        }
        one(candidate, delta, reason);
    }

    private void one(int candidate, ObjectNode delta, @Nullable String reason) {
        ObjectNode chunk = CompletionWriter.head(context, "chat.completion.chunk", model);
        ArrayNode choices = chunk.putArray("choices");
        ObjectNode choice = choices.addObject().put("index", candidate);
        choice.set("delta", delta);
        choice.putNull("logprobs");
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
        out.writeBytes(("data: " + Json.text(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
    }
}
