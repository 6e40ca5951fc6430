package io.omniroute.translators.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A conversation and how to go on with it, as no format in particular says it.
 *
 * @param model as the client asked for it
 * @param maxOutput the most tokens of the answer, or {@code null}
 * @param user whom the call is for, as the client names them, or {@code null}
 * @param metadata the client's notes on the call, or {@code null}
 * @param legacyFunctions whether the client knows functions only as OpenAI's first version of them, one call at a time
 * @param tier the provider's service tier, in OpenAI's words, or {@code null}
 * @param verbosity in OpenAI's words, or {@code null}
 * @param cache a request to cache the whole prompt, or {@code null}
 * @param unread the fields inside others that only the client's format knows, by their paths
 */
public record ChatRequest(
        String model,
        boolean stream,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelTools,
        Sampling sampling,
        @Nullable Long maxOutput,
        List<String> stop,
        long candidates,
        OutputFormat output,
        Reasoning reasoning,
        @Nullable String user,
        @Nullable JsonNode metadata,
        boolean legacyFunctions,
        @Nullable String tier,
        @Nullable String verbosity,
        @Nullable CacheMark cache,
        Set<String> unread,
        Extra extra) {

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stop = List.copyOf(stop);
        unread = Collections.unmodifiableSet(new LinkedHashSet<>(unread));
    }

    /** Whether a tool of that name takes text and not JSON. */
    public boolean isCustom(@Nullable String name) {
        return tools.stream()
                .anyMatch(tool ->
                        tool instanceof Tool.Custom custom && custom.name().equals(name));
    }

    /** Whether the model is told to call a tool, and not left to decide. */
    public boolean forcesTool() {
        return !tools.isEmpty()
                && switch (toolChoice) {
                    case ToolChoice.Required required -> true;
                    case ToolChoice.Named named -> true;
                    case ToolChoice.Hosted hosted -> true;
                    case ToolChoice.Among among -> among.required();
                    case ToolChoice.Auto auto -> false;
                    case ToolChoice.None none -> false;
                    case null -> false;
                };
    }

    /** The first call of every turn that calls tools, where nothing in the turn signs it. */
    public Set<String> unsignedCalls() {
        Set<String> ids = new LinkedHashSet<>();
        for (Message message : messages) {
            for (Part part : message.parts()) {
                if (part instanceof Part.Thought thought
                        && thought.opaque() != null
                        && thought.opaque().kind() == Opaque.Kind.SIGNATURE) {
                    break;
                }
                if (part instanceof Part.ToolCall call) {
                    if (call.opaque() == null) {
                        ids.add(call.id());
                    }
                    break;
                }
            }
        }
        return ids;
    }

    /** The same request with calls signed by these, by their ids; a call that has a signature keeps it. */
    public ChatRequest signed(Map<String, Opaque> signatures) {
        List<Message> signed = messages.stream()
                .map(message -> message.with(message.parts().stream()
                        .map(part -> signed(part, signatures))
                        .toList()))
                .toList();
        return change().messages(signed).build();
    }

    /** The same request for a provider that cannot be told which tools are allowed now: it is shown no others. */
    public ChatRequest withAllowedToolsOnly() {
        if (!(toolChoice instanceof ToolChoice.Among among)) {
            return this;
        }
        Set<String> names = Set.copyOf(among.names());
        List<Tool> allowed = tools.stream()
                .filter(tool -> switch (tool) {
                    case Tool.Function function -> names.contains(function.name());
                    case Tool.Custom custom -> names.contains(custom.name());
                    case Tool.WebSearch search -> true;
                    case Tool.Hosted hosted -> true;
                })
                .toList();
        return change().tools(allowed)
                .toolChoice(among.required() ? new ToolChoice.Required() : new ToolChoice.Auto())
                .build();
    }

    /** A builder that has everything of this request. */
    public Builder change() {
        Builder builder = new Builder(model)
                .messages(messages).stream(stream)
                        .toolChoice(toolChoice)
                        .parallelTools(parallelTools)
                        .sampling(sampling)
                        .maxOutput(maxOutput)
                        .stop(stop)
                        .candidates(candidates)
                        .output(output)
                        .reasoning(reasoning)
                        .user(user)
                        .metadata(metadata)
                        .legacyFunctions(legacyFunctions)
                        .tier(tier)
                        .verbosity(verbosity)
                        .cache(cache)
                        .unread(unread)
                        .extra(extra);
        tools.forEach(builder::add);
        return builder;
    }

    private static Part signed(Part part, Map<String, Opaque> signatures) {
        return part instanceof Part.ToolCall call && call.opaque() == null
                ? new Part.ToolCall(
                        call.id(),
                        call.name(),
                        call.arguments(),
                        call.custom(),
                        signatures.get(call.id()),
                        call.cache(),
                        call.extra())
                : part;
    }

    /** Collects the parts of a request; every setter returns the builder. */
    public static final class Builder {

        private final String model;
        private final List<Message> messages = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private boolean stream;
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelTools;
        private Sampling sampling = Sampling.DEFAULT;
        private @Nullable Long maxOutput;
        private List<String> stop = List.of();
        private long candidates = 1;
        private OutputFormat output = new OutputFormat.Text();
        private Reasoning reasoning = Reasoning.DEFAULT;
        private @Nullable String user;
        private @Nullable JsonNode metadata;
        private boolean legacyFunctions;
        private @Nullable String tier;
        private @Nullable String verbosity;
        private @Nullable CacheMark cache;
        private Set<String> unread = Set.of();
        private Extra extra = Extra.NONE;

        public Builder(String model) {
            this.model = model;
        }

        public Builder stream(boolean value) {
            stream = value;
            return this;
        }

        public Builder add(Message message) {
            messages.add(message);
            return this;
        }

        public Builder messages(List<Message> value) {
            messages.clear();
            messages.addAll(value);
            return this;
        }

        public Builder add(Tool tool) {
            tools.add(tool);
            return this;
        }

        public Builder tools(List<Tool> value) {
            tools.clear();
            tools.addAll(value);
            return this;
        }

        public Builder toolChoice(@Nullable ToolChoice value) {
            toolChoice = value;
            return this;
        }

        public Builder parallelTools(@Nullable Boolean value) {
            parallelTools = value;
            return this;
        }

        public Builder sampling(Sampling value) {
            sampling = value;
            return this;
        }

        public Builder maxOutput(@Nullable Long value) {
            maxOutput = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder candidates(long value) {
            candidates = value;
            return this;
        }

        public Builder output(OutputFormat value) {
            output = value;
            return this;
        }

        public Builder reasoning(Reasoning value) {
            reasoning = value;
            return this;
        }

        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        public Builder metadata(@Nullable JsonNode value) {
            metadata = value;
            return this;
        }

        public Builder legacyFunctions(boolean value) {
            legacyFunctions = value;
            return this;
        }

        public Builder tier(@Nullable String value) {
            tier = value;
            return this;
        }

        public Builder verbosity(@Nullable String value) {
            verbosity = value;
            return this;
        }

        public Builder cache(@Nullable CacheMark value) {
            cache = value;
            return this;
        }

        public Builder unread(Set<String> value) {
            unread = value;
            return this;
        }

        public Builder extra(Extra value) {
            extra = value;
            return this;
        }

        /** The request. */
        public ChatRequest build() {
            return new ChatRequest(
                    model,
                    stream,
                    messages,
                    tools,
                    toolChoice,
                    parallelTools,
                    sampling,
                    maxOutput,
                    stop,
                    candidates,
                    output,
                    reasoning,
                    user,
                    metadata,
                    legacyFunctions,
                    tier,
                    verbosity,
                    cache,
                    unread,
                    extra);
        }
    }
}
