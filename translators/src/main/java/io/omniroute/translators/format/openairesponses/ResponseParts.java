package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the items of one response, streamed or whole, into parts. Items are told by their place, because some servers change
 * their ids; what deltas did not bring, the finished item does. Items of the provider's own tools are no part of the answer.
 */
final class ResponseParts {

    /** What the thought of an item is told by, behind the item's place. */
    static final String THOUGHT = ".thought";

    private static final Set<String> ANSWERS = Set.of("message", "function_call", "custom_tool_call");

    /** What xAI's own tools are called, whose calls look like a client's. */
    private static final Set<String> PROVIDER_RUN =
            Set.of("x_keyword_search", "x_semantic_search", "x_user_search", "x_thread_fetch");

    private static final class Growing {
        private final int part;
        /** The item whose text it is; empty for what is no text. */
        private String message = "";

        private int length;
        private boolean likely;

        Growing(int part) {
            this.part = part;
        }
    }

    private final Consumer<StreamEvent> sink;
    private final Map<String, Growing> growing = new HashMap<>();
    /** The ids of thoughts, by which their provider knows what only it can read of them. */
    private final Map<Integer, String> thoughts = new HashMap<>();
    /** How many characters of its message each item has said. */
    private final Map<Integer, Integer> lengths = new HashMap<>();

    /** The parts of messages that have begun and not ended, by their items. */
    private final Map<String, Set<String>> texts = new HashMap<>();

    private final Set<String> sourced = new HashSet<>();
    private final Set<String> endedEarly = new HashSet<>();
    /** The calls that the provider itself answers. */
    private final Set<String> ownWork = new HashSet<>();

    private String lastMessage = "";
    private int next;
    /** Where a thought stands that has begun and of which nothing is hidden, or -1. */
    private int thinking = -1;

    private boolean calls;

    ResponseParts(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    boolean hasCalls() {
        return calls;
    }

    /** An item has appeared, with what it has so far. */
    void added(int index, JsonNode item) {
        String type = item.path("type").asString("");
        if (type.equals("reasoning")) {
            thoughts.put(index, item.path("id").asString(""));
        }
        if (type.equals("reasoning")
                && item.path("encrypted_content").asString("").isEmpty()) {
            thinking = index;
        } else if (thinking >= 0 && ANSWERS.contains(type)) {
            // some servers end a thought behind the answer that it led to, or never
            Growing thought = growing.get(thinking + THOUGHT);
            if (thought != null && thinking < index) {
                end(thinking + THOUGHT);
                endedEarly.add(thinking + THOUGHT);
            }
            thinking = -1;
        }
        if (isOwnWork(item)) {
            if (ownWork.add(index + "")) {
                sink.accept(new StreamEvent.OwnWork());
            }
        } else if (type.equals("function_call") || type.equals("custom_tool_call")) {
            calls = true;
            start(
                    index + "",
                    PartKind.TOOL_CALL,
                    item.path("call_id").asString(""),
                    Namespaces.joined(
                            item.path("namespace").stringValue(null),
                            item.path("name").asString("")));
        } else if (!type.equals("message") && !type.equals("reasoning")) {
            sink.accept(new StreamEvent.OwnWork());
        }
    }

    private static boolean isOwnWork(JsonNode item) {
        return item.path("type").asString("").equals("custom_tool_call")
                && PROVIDER_RUN.contains(item.path("name").asString(""));
    }

    /** Some servers show items only when the answer is complete. */
    void unsaid(JsonNode output) {
        if (next > 0) {
            return;
        }
        int index = 0;
        for (JsonNode item : output) {
            added(index, item);
            done(index++, item);
        }
    }

    /** Some servers show a call only when it is complete. */
    private void known(int index, JsonNode item) {
        if (!growing.containsKey(index + "")) {
            added(index, item);
        }
    }

    /** The text of a message's part, a thought or a call's arguments grows. */
    void delta(String key, PartKind kind, String text) {
        delta(key, kind, text, List.of());
    }

    /** The same, with how likely its tokens were. */
    void delta(String key, PartKind kind, String text, List<TokenProbability> likely) {
        if (!text.isEmpty() && !ownWork.contains(key)) {
            Growing part = growing.get(key);
            Growing known = part == null ? start(key, kind, null, null) : part;
            known.length += text.length();
            if (kind == PartKind.TEXT || kind == PartKind.REFUSAL) {
                lengths.merge(Integer.parseInt(key, 0, key.indexOf('.'), 10), text.length(), Integer::sum);
            }
            if (!likely.isEmpty()) {
                known.likely = true;
                sink.accept(new StreamEvent.PartProbabilities(known.part, likely));
            }
            sink.accept(new StreamEvent.PartDelta(known.part, text));
        }
    }

    /** A text is known as a whole: what did not come yet comes now. */
    void whole(String key, PartKind kind, String text) {
        whole(key, kind, text, List.of());
    }

    private void whole(String key, PartKind kind, String text, List<TokenProbability> likely) {
        Growing part = growing.get(key);
        int had = part == null ? 0 : part.length;
        if (text.length() > had) {
            delta(key, kind, text.substring(had), had == 0 ? likely : List.of());
        } else if (part != null && !part.likely && !likely.isEmpty()) {
            part.likely = true;
            sink.accept(new StreamEvent.PartProbabilities(part.part, likely));
        }
    }

    /** Where a piece of a text comes from that may not have begun yet. */
    void sourceOf(String key, JsonNode annotation) {
        if (!growing.containsKey(key)) {
            start(key, PartKind.TEXT, null, null);
        }
        source(key, annotation);
    }

    private void source(String key, JsonNode annotation) {
        sourced.add(key);
        Growing part = growing.get(key);
        Annotation source = new Annotation(
                annotation.path("url").asString(""),
                // what the provider keeps is told by its name, and never by its id
                annotation.path("title").asString(annotation.path("filename").asString("")),
                annotation.path("start_index").asInt(-1),
                annotation.path("end_index").asInt(-1),
                null);
        if (part != null && source.isKnown()) {
            sink.accept(new StreamEvent.PartSource(part.part, source));
        }
    }

    /** An item is complete. */
    void done(int index, JsonNode item) {
        switch (item.path("type").asString("")) {
            case "message" -> message(index, item.path("content"));
            case "function_call" -> {
                known(index, item);
                whole(index + "", PartKind.TOOL_CALL, item.path("arguments").asString(""));
                end(index + "");
            }
            case "custom_tool_call" -> {
                known(index, item);
                whole(index + "", PartKind.TOOL_CALL, item.path("input").asString(""));
                end(index + "");
            }
            case "reasoning" -> reasoning(index, item);
            case "image_generation_call" -> {
                String data = item.path("result").asString("");
                if (!data.isEmpty()) {
                    String key = index + ".image";
                    start(
                            key,
                            PartKind.IMAGE,
                            null,
                            "image/" + item.path("output_format").asString("png"));
                    delta(key, PartKind.IMAGE, data);
                    end(key);
                }
            }
            default -> {
                // the provider's own work
            }
        }
    }

    private void message(int index, JsonNode content) {
        int said = 0;
        for (JsonNode part : content) {
            said += text(part).length();
        }
        // in as many parts as it may have come
        boolean complete = said > 0 && lengths.getOrDefault(index, 0) >= said;
        int place = 0;
        for (JsonNode part : content) {
            String key = index + "." + place++;
            whole(
                    key,
                    isRefusal(part) ? PartKind.REFUSAL : PartKind.TEXT,
                    complete ? "" : text(part),
                    Probabilities.tokens(part.path("logprobs")));
            if (!sourced.contains(key)) {
                part.path("annotations").forEach(annotation -> source(key, annotation));
            }
            end(key);
        }
        // what was streamed under other numbers
        List.copyOf(texts.getOrDefault(index + "", Set.of())).forEach(this::end);
    }

    private static boolean isRefusal(JsonNode part) {
        return part.path("type").asString("").equals("refusal");
    }

    private static String text(JsonNode part) {
        return part.path(isRefusal(part) ? "refusal" : "text").asString("");
    }

    private void reasoning(int index, JsonNode item) {
        String key = index + THOUGHT;
        thoughts.putIfAbsent(index, item.path("id").asString(""));
        StringBuilder text = new StringBuilder();
        for (String list : new String[] {"summary", "content"}) {
            for (JsonNode piece : item.path(list)) {
                text.append(text.isEmpty() ? "" : "\n\n")
                        .append(piece.path("text").asString(""));
            }
        }
        if (!growing.containsKey(key) && !endedEarly.contains(key)) {
            // what was streamed came in an order of its own
            delta(key, PartKind.REASONING, text.toString());
        }
        String encrypted = item.path("encrypted_content").asString("");
        if (!encrypted.isEmpty()) {
            Growing part = growing.get(key);
            Growing known = part == null ? start(key, PartKind.REDACTED_REASONING, null, null) : part;
            sink.accept(new StreamEvent.PartSeal(
                    known.part,
                    new Opaque(
                            ResponsesFormat.ID,
                            Opaque.Kind.ENCRYPTED,
                            item.path("id").stringValue(null),
                            encrypted)));
        }
        end(key);
    }

    private Growing start(String key, PartKind kind, @Nullable String callId, @Nullable String name) {
        Growing part = new Growing(next++);
        growing.put(key, part);
        boolean apart = false;
        if (kind == PartKind.TEXT || kind == PartKind.REFUSAL) {
            String message = key.substring(0, key.indexOf('.'));
            part.message = message;
            apart = !lastMessage.isEmpty() && !lastMessage.equals(message);
            lastMessage = message;
            texts.computeIfAbsent(message, first -> new LinkedHashSet<>()).add(key);
        }
        boolean thought = kind == PartKind.REASONING || kind == PartKind.REDACTED_REASONING;
        String id = thought ? thoughts.get(Integer.parseInt(key, 0, key.indexOf('.'), 10)) : callId;
        sink.accept(new StreamEvent.PartStart(0, part.part, kind, id, name, apart));
        return part;
    }

    private void end(String key) {
        Growing part = growing.remove(key);
        if (part != null) {
            Set<String> ofMessage = texts.get(part.message);
            if (ofMessage != null) {
                ofMessage.remove(key);
            }
            sink.accept(new StreamEvent.PartEnd(part.part));
        }
    }
}
