package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.KeptAnswer;
import io.omniroute.translators.format.Recalls;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Item references and previous responses. What is written out again is as if the client had sent it with {@code store} set to
 * false: thoughts that cannot be sent back are left out, and so are ids, which a provider that keeps nothing would look for.
 */
final class ResponsesConversation implements ConversationCodec {

    private static final Set<String> ENDS = Set.of("response.completed", "response.incomplete");
    private static final Set<String> COMPLETE = Set.of("completed", "incomplete");
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    @Override
    public Optional<KeptAnswer> kept(byte[] data, int start, int length) {
        try {
            JsonNode read = Json.read(data, start, length);
            JsonNode response = read.has("response") ? read.get("response") : read;
            String id = response.path("id").asString("");
            if (id.isEmpty() || !COMPLETE.contains(response.path("status").asString(""))) {
                return Optional.empty();
            }
            Map<String, String> items = new LinkedHashMap<>();
            StringJoiner all = new StringJoiner(",");
            for (JsonNode item : response.path("output")) {
                String json = item.toString();
                sentBack(json).ifPresent(all::add);
                String itemId = item.path("id").asString("");
                if (!itemId.isEmpty()) {
                    items.put(itemId, json);
                }
            }
            return Optional.of(new KeptAnswer(id, items, all.toString()));
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    @Override
    public boolean mayEnd(SseEvent event) {
        String name = event.name();
        if (name != null) {
            return ENDS.contains(name);
        }
        // some servers leave the name out; the type stands at the beginning, or nearly
        int looked = Math.min(event.dataEnd() - event.dataStart(), 200);
        String beginning = new String(event.data(), event.dataStart(), looked, StandardCharsets.ISO_8859_1);
        return ENDS.stream().anyMatch(beginning::contains);
    }

    @Override
    public String items(byte[] body, Recalls recalls, Map<String, String> items) {
        if (recalls.items().isEmpty()) {
            return "{\"role\":\"user\",\"content\":" + text(body, recalls.input()) + "}";
        }
        StringJoiner all = new StringJoiner(",");
        for (Recalls.Item item : recalls.items()) {
            String reference = item.reference();
            @Nullable String json = reference == null ? text(body, item.at()) : items.get(reference);
            if (json != null && item.brought() != Recalls.Brought.LEFT_OUT) {
                all.add(json);
            }
        }
        return all.toString();
    }

    @Override
    public byte[] writtenOut(byte[] body, Recalls recalls, List<String> earlier, String own) {
        StringJoiner all = new StringJoiner(",", "[", "]");
        earlier.stream().filter(part -> !part.isEmpty()).forEach(all::add);
        if (!own.isEmpty()) {
            all.add(own);
        }
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit(recalls.input(), all.toString().getBytes(StandardCharsets.UTF_8)));
        Span previous = recalls.previousAt();
        if (previous != null) {
            edits.add(new Edit(previous, NULL));
        }
        return Splice.apply(body, edits);
    }

    @Override
    public Optional<String> sentBack(String kept) {
        ObjectNode item = Json.requestObject(kept.getBytes(StandardCharsets.UTF_8));
        if (item.path("type").asString("").equals("reasoning")) {
            return item.path("encrypted_content").asString("").isEmpty() ? Optional.empty() : Optional.of(kept);
        }
        item.remove("id");
        return Optional.of(item.toString());
    }

    private static String text(byte[] body, Span span) {
        return new String(body, span.start(), span.end() - span.start(), StandardCharsets.UTF_8);
    }
}
