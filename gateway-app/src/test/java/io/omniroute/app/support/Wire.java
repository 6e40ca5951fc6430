package io.omniroute.app.support;

import io.omniroute.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A client that speaks one of the formats, as simply as it can: it asks, folds what comes and answers calls of tools. */
public enum Wire {
    CHAT("openai-chat") {
        @Override
        public String path(String model, boolean stream) {
            return "/v1/chat/completions";
        }

        @Override
        public ObjectNode ask(String model, boolean stream, String text, List<String> tools) {
            ObjectNode body = JSON.createObjectNode().put("model", model).put("stream", stream);
            body.putArray("messages").addObject().put("role", "user").put("content", text);
            if (!tools.isEmpty()) {
                ArrayNode all = body.putArray("tools");
                tools.forEach(name -> all.addObject()
                        .put("type", "function")
                        .putObject("function")
                        .put("name", name)
                        .set("parameters", schema()));
            }
            return body;
        }

        @Override
        public void goOn(ObjectNode body, Said said) {
            ArrayNode messages = (ArrayNode) body.get("messages");
            messages.add(said.raw());
            said.calls()
                    .forEach(call -> messages.addObject()
                            .put("role", "tool")
                            .put("tool_call_id", call.id())
                            .put("content", "answer of " + call.name()));
        }

        @Override
        public Said whole(String body) {
            JsonNode choice = JSON.readTree(body).path("choices").path(0);
            JsonNode message = choice.path("message");
            List<Call> calls = new ArrayList<>();
            message.path("tool_calls")
                    .forEach(call -> calls.add(new Call(
                            call.path("id").asString(),
                            call.path("function").path("name").asString(),
                            call.path("function").path("arguments").asString())));
            return new Said(
                    message.path("content").asString(""),
                    message.path("reasoning_content").asString(""),
                    calls,
                    choice.path("finish_reason").asString(""),
                    JSON.readTree(body).path("usage").path("prompt_tokens").asLong(0),
                    message);
        }

        @Override
        public Said stream(List<Event> events) {
            ObjectNode message = JSON.createObjectNode().put("role", "assistant");
            StringBuilder text = new StringBuilder();
            StringBuilder thought = new StringBuilder();
            ArrayNode calls = JSON.createArrayNode();
            ArrayNode details = JSON.createArrayNode();
            String[] finish = {""};
            boolean[] done = {false};
            for (Event event : events) {
                if (event.data().equals("[DONE]")) {
                    done[0] = true;
                    continue;
                }
                JsonNode choice = JSON.readTree(event.data()).path("choices").path(0);
                JsonNode delta = choice.path("delta");
                text.append(delta.path("content").asString(""));
                thought.append(delta.path("reasoning_content").asString(""));
                delta.path("reasoning_details").forEach(details::add);
                for (JsonNode call : delta.path("tool_calls")) {
                    int index = call.path("index").asInt();
                    if (index == calls.size()) {
                        calls.add(((ObjectNode) call.deepCopy()).without("index"));
                        continue;
                    }
                    ObjectNode known = (ObjectNode) calls.get(index);
                    if (call.has("extra_content")) {
                        known.set("extra_content", call.get("extra_content"));
                    }
                    ObjectNode function = (ObjectNode) known.get("function");
                    function.put(
                            "arguments",
                            function.path("arguments").asString("")
                                    + call.path("function").path("arguments").asString(""));
                }
                finish[0] = choice.path("finish_reason").asString(finish[0]);
            }
            if (!done[0]) {
                throw new AssertionError("no [DONE]: " + events);
            }
            message.put("content", text.toString());
            if (!thought.isEmpty()) {
                message.put("reasoning_content", thought.toString());
            }
            if (!details.isEmpty()) {
                message.set("reasoning_details", details);
            }
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
            ObjectNode whole = JSON.createObjectNode();
            whole.putArray("choices")
                    .addObject()
                    .put("finish_reason", finish[0])
                    .set("message", message);
            return whole(whole.toString());
        }
    },

    MESSAGES("anthropic-messages") {
        @Override
        public String path(String model, boolean stream) {
            return "/v1/messages";
        }

        @Override
        public ObjectNode ask(String model, boolean stream, String text, List<String> tools) {
            ObjectNode body = JSON.createObjectNode()
                    .put("model", model)
                    .put("stream", stream)
                    .put("max_tokens", 4096);
            body.putArray("messages").addObject().put("role", "user").put("content", text);
            if (!tools.isEmpty()) {
                ArrayNode all = body.putArray("tools");
                tools.forEach(name -> all.addObject().put("name", name).set("input_schema", schema()));
            }
            return body;
        }

        @Override
        public void goOn(ObjectNode body, Said said) {
            ArrayNode messages = (ArrayNode) body.get("messages");
            messages.addObject().put("role", "assistant").set("content", said.raw());
            ArrayNode results = messages.addObject().put("role", "user").putArray("content");
            said.calls()
                    .forEach(call -> results.addObject()
                            .put("type", "tool_result")
                            .put("tool_use_id", call.id())
                            .put("content", "answer of " + call.name()));
        }

        @Override
        public Said whole(String body) {
            JsonNode message = JSON.readTree(body);
            StringBuilder text = new StringBuilder();
            StringBuilder thought = new StringBuilder();
            List<Call> calls = new ArrayList<>();
            for (JsonNode block : message.path("content")) {
                text.append(block.path("text").asString(""));
                thought.append(block.path("thinking").asString(""));
                if (block.path("type").asString().equals("tool_use")) {
                    calls.add(new Call(
                            block.path("id").asString(),
                            block.path("name").asString(),
                            block.path("input").toString()));
                }
            }
            return new Said(
                    text.toString(),
                    thought.toString(),
                    calls,
                    message.path("stop_reason").asString(""),
                    message.path("usage").path("input_tokens").asLong(0),
                    message.path("content"));
        }

        @Override
        public Said stream(List<Event> events) {
            ObjectNode message = JSON.createObjectNode();
            ArrayNode content = message.putArray("content");
            boolean stopped = false;
            StringBuilder arguments = new StringBuilder();
            for (Event event : events) {
                JsonNode data = JSON.readTree(event.data());
                if (!data.path("type").asString().equals(event.name())) {
                    throw new AssertionError("event " + event.name() + " says " + data);
                }
                switch (event.name()) {
                    case "content_block_start" -> {
                        if (data.path("index").asInt() != content.size()) {
                            throw new AssertionError("index is not dense: " + events);
                        }
                        content.add(data.path("content_block"));
                        arguments.setLength(0);
                    }
                    case "content_block_delta" -> {
                        ObjectNode block =
                                (ObjectNode) content.get(data.path("index").asInt());
                        JsonNode delta = data.path("delta");
                        switch (delta.path("type").asString()) {
                            case "text_delta" -> append(block, "text", delta);
                            case "thinking_delta" -> append(block, "thinking", delta);
                            case "signature_delta" -> append(block, "signature", delta);
                            case "citations_delta" ->
                                block.withArray("citations").add(delta.path("citation"));
                            case "input_json_delta" ->
                                arguments.append(delta.path("partial_json").asString());
                            default -> throw new AssertionError("unknown delta " + delta);
                        }
                    }
                    case "content_block_stop" -> {
                        ObjectNode block =
                                (ObjectNode) content.get(data.path("index").asInt());
                        if (!arguments.isEmpty()) {
                            block.set("input", JSON.readTree(arguments.toString()));
                            arguments.setLength(0);
                        }
                    }
                    case "message_delta" -> {
                        message.set("stop_reason", data.path("delta").path("stop_reason"));
                        message.set("usage", data.path("usage"));
                    }
                    case "message_stop" -> stopped = true;
                    case "message_start", "ping" -> {
                        // nothing to fold
                    }
                    default -> throw new AssertionError("unexpected " + event);
                }
            }
            if (!stopped) {
                throw new AssertionError("no message_stop: " + events);
            }
            return whole(message.toString());
        }
    },

    RESPONSES("openai-responses") {
        @Override
        public String path(String model, boolean stream) {
            return "/v1/responses";
        }

        @Override
        public ObjectNode ask(String model, boolean stream, String text, List<String> tools) {
            ObjectNode body = JSON.createObjectNode().put("model", model).put("stream", stream);
            body.putArray("input").addObject().put("role", "user").put("content", text);
            if (!tools.isEmpty()) {
                ArrayNode all = body.putArray("tools");
                tools.forEach(name -> all.addObject()
                        .put("type", "function")
                        .put("name", name)
                        .put("strict", false)
                        .set("parameters", schema()));
            }
            return body;
        }

        @Override
        public void goOn(ObjectNode body, Said said) {
            ArrayNode input = (ArrayNode) body.get("input");
            said.raw().forEach(input::add);
            said.calls()
                    .forEach(call -> input.addObject()
                            .put("type", "function_call_output")
                            .put("call_id", call.id())
                            .put("output", "answer of " + call.name()));
        }

        @Override
        public Said whole(String body) {
            JsonNode response = JSON.readTree(body);
            StringBuilder text = new StringBuilder();
            StringBuilder thought = new StringBuilder();
            List<Call> calls = new ArrayList<>();
            for (JsonNode item : response.path("output")) {
                item.path("content")
                        .forEach(part -> text.append(part.path("text").asString("")));
                item.path("summary")
                        .forEach(part -> thought.append(part.path("text").asString("")));
                if (item.path("type").asString().equals("function_call")) {
                    calls.add(new Call(
                            item.path("call_id").asString(),
                            item.path("name").asString(),
                            item.path("arguments").asString()));
                }
            }
            return new Said(
                    text.toString(),
                    thought.toString(),
                    calls,
                    response.path("status").asString(""),
                    response.path("usage").path("input_tokens").asLong(0),
                    response.path("output"));
        }

        @Override
        public Said stream(List<Event> events) {
            ArrayNode items = JSON.createArrayNode();
            int sequence = 0;
            for (Event event : events) {
                JsonNode data = JSON.readTree(event.data());
                if (!data.path("type").asString().equals(event.name())
                        || data.path("sequence_number").asInt() != sequence++) {
                    throw new AssertionError("out of order: " + event);
                }
                switch (event.name()) {
                    case "response.output_item.added" -> {
                        if (data.path("output_index").asInt() != items.size()) {
                            throw new AssertionError("output_index is not dense: " + event);
                        }
                        items.add(data.path("item"));
                    }
                    case "response.output_item.done" -> {
                        int index = data.path("output_index").asInt();
                        if (!items.get(index)
                                .path("id")
                                .equals(data.path("item").path("id"))) {
                            throw new AssertionError("another id: " + event);
                        }
                        items.set(index, data.path("item"));
                    }
                    case "response.completed", "response.incomplete" -> {
                        if (!data.path("response").path("output").equals(items)) {
                            throw new AssertionError("streamed " + items + " but ended with " + data);
                        }
                        return whole(data.path("response").toString());
                    }
                    default -> {
                        // deltas are repeated by the finished item
                    }
                }
            }
            throw new AssertionError("no terminal event: " + events);
        }
    },

    GEMINI("gemini") {
        @Override
        public String base(Sandbox sandbox) {
            return sandbox.baseUrl() + "beta";
        }

        @Override
        public String path(String model, boolean stream) {
            return "/v1beta/models/" + model + ":" + (stream ? "streamGenerateContent?alt=sse" : "generateContent");
        }

        @Override
        public ObjectNode ask(String model, boolean stream, String text, List<String> tools) {
            ObjectNode body = JSON.createObjectNode();
            body.putArray("contents")
                    .addObject()
                    .put("role", "user")
                    .putArray("parts")
                    .addObject()
                    .put("text", text);
            if (!tools.isEmpty()) {
                ArrayNode all = body.putArray("tools").addObject().putArray("functionDeclarations");
                tools.forEach(name -> all.addObject().put("name", name).set("parameters", schema()));
            }
            return body;
        }

        @Override
        public void goOn(ObjectNode body, Said said) {
            ArrayNode contents = (ArrayNode) body.get("contents");
            contents.addObject().put("role", "model").set("parts", said.raw());
            ArrayNode parts = contents.addObject().put("role", "user").putArray("parts");
            said.calls()
                    .forEach(call -> parts.addObject()
                            .putObject("functionResponse")
                            .put("name", call.name())
                            .putObject("response")
                            .put("output", "answer of " + call.name()));
        }

        @Override
        public Said whole(String body) {
            JsonNode response = JSON.readTree(body);
            JsonNode candidate = response.path("candidates").path(0);
            StringBuilder text = new StringBuilder();
            StringBuilder thought = new StringBuilder();
            List<Call> calls = new ArrayList<>();
            for (JsonNode part : candidate.path("content").path("parts")) {
                (part.path("thought").asBoolean(false) ? thought : text)
                        .append(part.path("text").asString(""));
                JsonNode call = part.path("functionCall");
                if (call.isObject()) {
                    calls.add(new Call(
                            call.path("id").asString(""),
                            call.path("name").asString(),
                            call.path("args").toString()));
                }
            }
            return new Said(
                    text.toString(),
                    thought.toString(),
                    calls,
                    candidate.path("finishReason").asString(""),
                    response.path("usageMetadata").path("promptTokenCount").asLong(0),
                    candidate.path("content").path("parts"));
        }

        @Override
        public Said stream(List<Event> events) {
            ArrayNode parts = JSON.createArrayNode();
            String finish = "";
            for (Event event : events) {
                JsonNode candidate =
                        JSON.readTree(event.data()).path("candidates").path(0);
                if (!finish.isEmpty()) {
                    throw new AssertionError("goes on after its end: " + events);
                }
                candidate.path("content").path("parts").forEach(part -> {
                    boolean said = !part.path("text").asString("").isEmpty();
                    if (said || part.has("functionCall") || part.has("thoughtSignature")) {
                        parts.add(part);
                    }
                });
                finish = candidate.path("finishReason").asString("");
            }
            if (finish.isEmpty()) {
                throw new AssertionError("no finishReason: " + events);
            }
            ObjectNode whole = JSON.createObjectNode();
            ObjectNode candidate = whole.putArray("candidates").addObject().put("finishReason", finish);
            candidate.putObject("content").set("parts", parts);
            return whole(whole.toString());
        }
    };

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String id;

    Wire(String id) {
        this.id = id;
    }

    /** A call of a tool. */
    public record Call(String id, String name, String arguments) {}

    /** An answer; {@code raw} is what a client sends back of it. */
    public record Said(String text, String thought, List<Call> calls, String ending, long inputTokens, JsonNode raw) {}

    /** An event of a stream. */
    public record Event(String name, String data) {}

    /** The format's name in configuration. */
    public String id() {
        return id;
    }

    /** The id of a provider of this format. */
    public String provider() {
        return "to-" + name().toLowerCase(Locale.ROOT);
    }

    /** The settings of a provider of each format, all of them the sandbox. */
    public static String providers(Sandbox sandbox) {
        StringBuilder settings = new StringBuilder();
        for (Wire wire : values()) {
            String prefix = "omniroute.providers." + wire.provider() + ".";
            settings.append(prefix)
                    .append("base-url=")
                    .append(wire.base(sandbox))
                    .append('\n');
            settings.append(prefix).append("formats=").append(wire.id()).append('\n');
            settings.append(prefix).append("connections.main.api-key=sandbox-translation\n");
        }
        return settings.toString();
    }

    /** The base URL of a provider of this format. */
    public String base(Sandbox sandbox) {
        return sandbox.baseUrl();
    }

    /** Where to ask. */
    public abstract String path(String model, boolean stream);

    /** A question. */
    public abstract ObjectNode ask(String model, boolean stream, String text, List<String> tools);

    /** Adds an answer with calls, and what the tools say to them. */
    public abstract void goOn(ObjectNode body, Said said);

    /** Reads a whole answer. */
    public abstract Said whole(String body);

    /** Reads a streamed answer, and fails where it breaks the format's grammar. */
    public abstract Said stream(List<Event> events);

    /** Reads what was answered. */
    public Said read(String body, boolean stream) {
        return stream ? stream(events(body)) : whole(body);
    }

    /** The events of a stream's text. */
    public static List<Event> events(String body) {
        List<Event> events = new ArrayList<>();
        for (String frame : body.replace("\r\n", "\n").split("\n\n")) {
            String name = field(frame, "event: ").orElse("");
            field(frame, "data: ").ifPresent(data -> events.add(new Event(name, data)));
        }
        return events;
    }

    private static Optional<String> field(String frame, String prefix) {
        return frame.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst();
    }

    private static void append(ObjectNode block, String name, JsonNode delta) {
        block.put(name, block.path(name).asString("") + delta.path(name).asString(""));
    }

    private static ObjectNode schema() {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        schema.putObject("properties").putObject("city").put("type", "string");
        schema.putArray("required").add("city");
        return schema;
    }
}
