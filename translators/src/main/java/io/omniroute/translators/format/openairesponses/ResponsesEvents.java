package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.sse.SseOutput;
import java.io.ByteArrayOutputStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the events of one response, numbered, and keeps the items that have ended. */
final class ResponsesEvents {

    private final ArrayNode items = Json.array();
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int sequence;

    /** Where events are written from now on. */
    void to(ByteArrayOutputStream next) {
        out = next;
    }

    /** The items that have ended, in their order. */
    ArrayNode items() {
        return items;
    }

    void added(ObjectNode item) {
        ObjectNode fields = Json.object().put("output_index", items.size());
        fields.set("item", item);
        event("response.output_item.added", fields);
    }

    void done(ObjectNode item) {
        ObjectNode fields = Json.object().put("output_index", items.size());
        fields.set("item", item);
        event("response.output_item.done", fields);
        items.add(item);
    }

    /** An event that has the whole response in it. */
    void terminal(String type, ObjectNode response) {
        ObjectNode fields = Json.object();
        fields.set("response", response);
        event(type, fields);
    }

    void event(String type, ObjectNode fields) {
        ObjectNode data = Json.object().put("type", type).put("sequence_number", sequence++);
        data.setAll(fields);
        SseOutput.write(type, data, out);
    }
}
