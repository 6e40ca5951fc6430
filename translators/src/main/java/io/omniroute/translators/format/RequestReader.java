package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Utf8;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * One pass over the top level of a JSON request. A reader decides by field name what to do with a value; a field that any
 * reader looks at must not come twice, because the gateway and the provider could then mean different ones.
 */
public abstract class RequestReader {

    private static final int LONGEST_MODEL_NAME = 256;
    private static final byte[] NOTHING = new byte[0];

    private final byte[] body;
    private final JsonLimits limits;
    private final Set<String> seen = new HashSet<>();
    private final KeptObjectReader objects;
    private final ToolListReader tools;
    private int objectContentAt;
    private String cacheKey = "";
    private @Nullable String model;
    private @Nullable Span modelAt;

    protected RequestReader(byte[] body, JsonLimits limits) {
        this(body, limits, KeptFields.COMMON);
    }

    /** @param fields where the format names what a provider keeps */
    protected RequestReader(byte[] body, JsonLimits limits, KeptFields fields) {
        this.body = body;
        this.limits = limits;
        this.objects = new KeptObjectReader(fields);
        this.tools = new ToolListReader(limits, objects);
    }

    /** Reads the whole body; the parser stands on the value when {@link #field} is called. */
    public final void read() {
        requireUtf8();
        try (JsonParser parser = limits.requests().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body must be a JSON object")
                        .exception();
            }
            objectContentAt = (int) parser.currentLocation().getByteOffset();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (!handle(name, parser)) {
                    parser.skipChildren();
                } else if (!seen.add(name)) {
                    throw ApiError.invalid(name, "'" + name + "' is given twice")
                            .exception();
                }
            }
            if (parser.nextToken() != null) {
                throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body has something after its JSON object")
                        .exception();
            }
        } catch (StreamConstraintsException tooMuch) {
            throw ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the body's JSON is nested deeper than " + limits.depth() + " levels, has more than "
                                    + limits.tokens() + " names and values, or has a name or number that is too long")
                    .exception();
        } catch (JacksonException malformed) {
            throw notJson(malformed);
        }
    }

    /** Looks at one field of the top level; {@code false} leaves it alone. */
    protected abstract boolean field(String name, JsonParser parser);

    /** The edit that leaves out the field whose value the parser stands on, which is read to its end. */
    protected final Edit removed(JsonParser parser) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = (int) parser.currentLocation().getByteOffset();
        // its name, which has no quotes in it
        int name = from - 1;
        for (int quotes = 0; quotes < 2; name--) {
            quotes += body[name] == '"' ? 1 : 0;
        }
        name++;
        int before = name - 1;
        while (isBlank(body[before])) {
            before--;
        }
        if (body[before] == ',') {
            return new Edit(new Span(before, to), NOTHING);
        }
        int after = to;
        while (isBlank(body[after])) {
            after++;
        }
        return new Edit(new Span(name, body[after] == ',' ? after + 1 : to), NOTHING);
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\n' || character == '\r' || character == '\t';
    }

    /** Reads a list of tools, and notes those whose types are the provider's own. */
    protected final void tools(JsonParser parser, Predicate<String> isHosted) {
        tools.read(parser, isHosted);
    }

    /** Counts a tool. */
    protected final void counted() {
        tools.counted();
    }

    /** Notes something that a provider keeps. */
    protected final void kept(String field, String id) {
        objects.found(field, id);
    }

    /** Notes that the request asks for the provider's own work outside of its tools. */
    protected final void hosted(String kind) {
        tools.hosted(kind);
    }

    /** The kinds of tools that the provider runs itself, as far as they were read. */
    protected final List<String> hosted() {
        return tools.hosted();
    }

    /** Skips a value, and notes what it names that a provider keeps. */
    protected final void watch(JsonParser parser) {
        objects.value(parser);
    }

    /** The same for the value of a field. */
    protected final void watch(String name, JsonParser parser) {
        objects.field(name, parser);
    }

    /** Whether nothing stands in the list between these two places of the body. */
    protected final boolean isEmptyList(int start, int end) {
        for (int i = start + 1; i < end - 1; i++) {
            if (body[i] > ' ') {
                return false;
            }
        }
        return true;
    }

    /** An id of something that a provider keeps, or an object that has one; nothing is as good as absent. */
    protected final void idOrObject(String name, JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            kept(name, parser.getString());
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String inner = parser.currentName();
                boolean said = parser.nextToken() != JsonToken.VALUE_NULL;
                if (said && inner.equals("id")) {
                    kept(name + ".id", RequestValue.string(name + ".id", parser));
                } else {
                    watch(inner, parser);
                }
            }
        } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
            throw RequestValue.wrongType(name, "an id, or an object that has one", parser);
        }
    }

    /** What the request names that a provider keeps, as far as it was read. */
    protected final List<KeptObject> kept() {
        return objects.found();
    }

    /** Whether a model was read. */
    protected final boolean namesModel() {
        return model != null;
    }

    protected final String model() {
        if (model == null) {
            throw ApiError.invalid("model", "'model' is required: the name of a model, an alias or a combo")
                    .exception();
        }
        return model;
    }

    protected final Span modelAt() {
        if (modelAt == null) {
            throw new IllegalStateException("asked for the place of a model that was not read");
        }
        return modelAt;
    }

    /** Where the first field of the body's object would stand. */
    protected final int objectContentAt() {
        return objectContentAt;
    }

    /** What the client says that calls have in common whose prompts begin alike; empty if it does not. */
    protected final String cacheKey() {
        return cacheKey;
    }

    private boolean handle(String name, JsonParser parser) {
        if (name.equals("prompt_cache_key") && parser.currentToken() == JsonToken.VALUE_STRING) {
            cacheKey = parser.getString().strip();
        }
        if (!name.equals("model")) {
            if (name.equalsIgnoreCase("model")) {
                // servers that ignore case would read it instead
                throw ApiError.invalid(name, "'" + name + "' must be written 'model'")
                        .exception();
            }
            return field(name, parser);
        }
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
            readModel(parser);
        }
        return true;
    }

    /** Reads the name of the model. */
    protected final void readModel(JsonParser parser) {
        if (model != null) {
            throw ApiError.invalid("model", "'model' is given twice").exception();
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        model = requireModelName(RequestValue.string("model", parser));
        parser.finishToken();
        modelAt = new Span(start, (int) parser.currentLocation().getByteOffset());
    }

    /** A model's name as a client may write it. */
    protected static String requireModelName(String name) {
        if (name.isBlank() || name.length() > LONGEST_MODEL_NAME) {
            throw ApiError.invalid("model", "'model' must have 1 to " + LONGEST_MODEL_NAME + " characters")
                    .exception();
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw ApiError.invalid("model", "'model' has control characters").exception();
        }
        return name;
    }

    private void requireUtf8() {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0) {
                throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body must be JSON in UTF-8")
                        .exception();
            }
        }
        int fault = Utf8.fault(body);
        if (fault >= 0) {
            throw ApiError.of(
                            ErrorKind.INVALID_REQUEST,
                            "the body must be JSON in UTF-8; at byte " + fault + " there is something else")
                    .exception();
        }
    }

    private static ApiException notJson(JacksonException malformed) {
        var at = malformed.getLocation();
        String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return ApiError.of(ErrorKind.INVALID_REQUEST, "the body is not valid JSON" + where)
                .exception();
    }
}
