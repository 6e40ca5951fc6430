package io.omniroute.translators.format.openairesponses;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the events of a stream belong. Some servers do not number their items, and some go on counting the pieces of a text, or those
 * of the item before, so the numbers are taken for what they are said to be only where an item or a part was announced with them.
 * Not thread-safe.
 */
final class ResponsePlaces {

    private final Map<String, Integer> items = new HashMap<>();
    /** By an item's place and the number that a part was announced with, which of the item's parts it is. */
    private final Map<String, Integer> announced = new HashMap<>();

    private final Map<Integer, Integer> parts = new HashMap<>();
    /** The numbers of the parts that items have said whole last. */
    private final Map<Integer, Integer> whole = new HashMap<>();
    /** The types of items that have not ended, by their places. */
    private final Map<Integer, String> open = new HashMap<>();
    /** The places of those items, by their types. */
    private final Map<String, TreeSet<Integer>> openOf = new HashMap<>();

    private final Map<Integer, Integer> thoughts = new HashMap<>();
    private int last = -1;

    /** The place of an item that appears. */
    int appears(JsonNode event) {
        JsonNode item = event.path("item");
        int place = number(event, "output_index", last + 1);
        last = Math.max(last, place);
        ends(place);
        String type = item.path("type").asString("");
        open.put(place, type);
        openOf.computeIfAbsent(type, first -> new TreeSet<>()).add(place);
        remember(item.path("id").stringValue(null), place);
        remember(item.path("call_id").stringValue(null), place);
        return place;
    }

    private void remember(@Nullable String id, int place) {
        if (id != null && !id.isEmpty()) {
            items.put(id, place);
        }
    }

    /** The place of the item that an event is about. */
    int item(JsonNode event) {
        JsonNode item = event.path("item");
        Integer known = items.get(event.path("item_id").asString(""));
        if (known == null) {
            known = items.get(item.path("id").asString(""));
        }
        if (known == null) {
            known = items.get(item.path("call_id").asString(""));
        }
        int place = number(event, "output_index", known == null ? unknown(item) : known);
        last = Math.max(last, place);
        remember(event.path("item_id").stringValue(null), place);
        if (event.has("item")) {
            ends(place);
        }
        return place;
    }

    private void ends(int place) {
        String type = open.remove(place);
        if (type != null) {
            openOf.getOrDefault(type, new TreeSet<>()).remove(place);
        }
    }

    /** Without a number and an id: the last one, or, of an item that has ended, the last open one of its kind, or one that was not announced. */
    private int unknown(JsonNode item) {
        if (item.isMissingNode()) {
            return Math.max(last, 0);
        }
        TreeSet<Integer> places = openOf.getOrDefault(item.path("type").asString(""), new TreeSet<>());
        return places.isEmpty() ? last + 1 : places.last();
    }

    /** A part of an item was announced. */
    void partAppears(int item, JsonNode event) {
        int ordinal = parts.merge(item, 1, Integer::sum) - 1;
        announced.put(item + "." + number(event, "content_index", ordinal), ordinal);
        paragraph(item);
    }

    /** Which part of an item's message an event is about, as its key. */
    String part(int item, JsonNode event) {
        int latest = Math.max(0, parts.getOrDefault(item, 1) - 1);
        if (!event.path("content_index").isNumber()) {
            return item + "." + latest;
        }
        int number = event.path("content_index").asInt(0);
        Integer known = announced.get(item + "." + number);
        Integer before = whole.get(item);
        if (known == null && before != null && before != number) {
            // what was said whole before does not go on
            parts.putIfAbsent(item, 1);
            partAppears(item, event);
            known = announced.get(item + "." + number);
        }
        return item + "." + (known == null ? latest : known);
    }

    /** A part of an item's message was said whole. */
    void partEnds(int item, JsonNode event) {
        whole.put(item, number(event, "content_index", 0));
    }

    /** A paragraph of an item's thought has ended, or begins. */
    void paragraph(int item) {
        thoughts.merge(item, 1, Integer::sum);
    }

    /** Which paragraph of an item's thought an event is about. */
    String paragraph(int item, JsonNode event) {
        return event.has("summary_index")
                ? "summary " + event.path("summary_index").asInt(0)
                : "thought " + thoughts.getOrDefault(item, 0);
    }

    private static int number(JsonNode event, String field, int otherwise) {
        return event.path(field).isNumber() ? event.path(field).asInt(otherwise) : otherwise;
    }
}
