package io.omniroute.translators.json;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of a tool call, which some formats write as text and others as an object. */
public final class Arguments {

    /** The name under which arguments that are no object travel in one. */
    public static final String RAW = "_raw";

    private Arguments() {}

    /** The object that a text says; nothing said is no arguments, and what is no object is wrapped in one. */
    public static ObjectNode object(String text) {
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            if (Json.read(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException cut) {
            // wrapped below
        }
        return Json.object().put(RAW, text);
    }

    /** Whether a text is, or stands for, an object. */
    public static boolean isObject(String text) {
        if (text.isBlank()) {
            return true;
        }
        try {
            return Json.read(text).isObject();
        } catch (JacksonException cut) {
            return false;
        }
    }

    /** The text that an object says; what was wrapped comes out as it was. */
    public static String text(JsonNode object) {
        JsonNode raw = object.size() == 1 ? object.path(RAW) : Json.object();
        return raw.isString() ? raw.stringValue() : Json.text(object);
    }
}
