package io.omniroute.translators.json;

import org.jspecify.annotations.Nullable;
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
        ObjectNode object = read(text);
        return object == null ? Json.object().put(RAW, text) : object;
    }

    /** Whether an object is there only to have a text in it that is none. */
    public static boolean isWrapped(ObjectNode object, String text) {
        return object.size() == 1 && object.path(RAW).asString("").equals(text);
    }

    /** Whether the end of a text may be missing, of which {@link #object} has made this. */
    public static boolean mayBeCut(ObjectNode object, String text) {
        return text.isBlank() || isWrapped(object, text);
    }

    /** The object that a text is; {@code null} if it is none. */
    public static @Nullable ObjectNode read(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return null; // most are words, of which a parser would say so at great length
        }
        try {
            return Json.inText(text) instanceof ObjectNode object ? object : null;
        } catch (JacksonException cut) {
            return null;
        }
    }

    /** The text that an object says; what was wrapped comes out as it was. */
    public static String text(JsonNode object) {
        JsonNode raw = object.size() == 1 ? object.path(RAW) : Json.object();
        return raw.isString() ? raw.stringValue() : Json.text(object);
    }
}
