package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The item that a stream is writing: where its events belong, and the parts of it that have ended where it is a message. Not thread-safe. */
final class OpenItem {

    private final ResponseWriter writer;
    private final ResponsesEvents events;
    private String id = "";
    /** The parts of a message; {@code null} while none is open. */
    private @Nullable ArrayNode content;

    OpenItem(ResponseWriter writer, ResponsesEvents events) {
        this.writer = writer;
        this.events = events;
    }

    String id() {
        return id;
    }

    /** Begins one that is no message. */
    void begin(String name) {
        id = name;
    }

    /** Begins a part of the message, which begins with it if none is open. */
    void beginPart(ObjectNode part) {
        if (content == null) {
            content = Json.array();
            id = writer.id("msg");
            events.added(writer.message(id, "in_progress", Json.array()));
        }
        part("response.content_part.added", part);
    }

    void endPart(ObjectNode part) {
        part("response.content_part.done", part);
        ArrayNode parts = content;
        if (parts != null) {
            parts.add(part);
        }
    }

    private void part(String type, ObjectNode part) {
        ObjectNode fields = inContent();
        fields.set("part", part);
        events.event(type, fields);
    }

    /** Ends the message, if one is open. */
    void endMessage(String status) {
        ArrayNode parts = content;
        if (parts != null) {
            content = null;
            events.done(writer.message(id, status, parts));
        }
    }

    /**
     * All items that there are, with the message that is open as it was cut off.
     *
     * @param part what there is of the part that is open; {@code null} if none is
     */
    ArrayNode cutOff(@Nullable ObjectNode part) {
        ArrayNode items = events.items();
        ArrayNode parts = content;
        if (parts == null) {
            return items;
        }
        ArrayNode said = parts.deepCopy();
        if (part != null) {
            said.add(part);
        }
        return items.deepCopy().add(writer.message(id, "incomplete", said));
    }

    /** The fields of an event that is about the item. */
    ObjectNode inItem() {
        return Json.object()
                .put("item_id", id)
                .put("output_index", events.items().size());
    }

    /** The same about the part of the message that comes next. */
    ObjectNode inContent() {
        return inItem().put("content_index", content == null ? 0 : content.size());
    }
}
