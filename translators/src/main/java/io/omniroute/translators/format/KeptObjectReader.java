package io.omniroute.translators.format;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Goes through values of a request, and notes what they name that a provider keeps. Not thread-safe. */
final class KeptObjectReader {

    private final KeptFields fields;
    private final List<KeptObject> found = new ArrayList<>(0);

    KeptObjectReader(KeptFields fields) {
        this.fields = fields;
    }

    /** What was found so far. */
    List<KeptObject> found() {
        return found;
    }

    /** Notes one. */
    void found(String field, String id) {
        found.add(new KeptObject(field, id));
    }

    /** Reads the value that the parser stands on, to its end. */
    void value(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                field(name, parser);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                value(parser);
            }
        }
    }

    /** The same for the value of a field. */
    void field(String name, JsonParser parser) {
        if (fields.writtenFreely().contains(name)) {
            parser.skipChildren();
        } else if (fields.ids().contains(name)) {
            ids(name, parser);
        } else if (parser.currentToken() == JsonToken.VALUE_STRING
                && fields.addresses().contains(name)) {
            String address = parser.getString();
            if (KeptFields.isGoogles(address)) {
                found(name, address);
            }
        } else {
            value(parser);
        }
    }

    private void ids(String name, JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            found(name, parser.getString());
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                ids(name, parser);
            }
        } else {
            value(parser);
        }
    }
}
