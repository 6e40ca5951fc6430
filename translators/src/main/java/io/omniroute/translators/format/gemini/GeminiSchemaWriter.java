package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.FunctionSchemas;
import io.omniroute.translators.format.GoogleSchemas;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes schemas in Gemini's own dialect, or as JSON Schema where that would lose something and the model takes it. */
final class GeminiSchemaWriter {

    private final TargetProfile target;
    private final Losses losses;
    private final AtomicInteger size = new AtomicInteger();

    GeminiSchemaWriter(TargetProfile target, Losses losses) {
        this.target = target;
        this.losses = losses;
    }

    /**
     * Writes one.
     *
     * @param field {@code parameters} of a function, or the field for the answer's
     * @param path where losses are
     */
    void write(String field, JsonNode schema, String path, ObjectNode into) {
        Losses own = new Losses(false);
        boolean function = field.equals("parameters");
        JsonNode plain = function && schema instanceof ObjectNode object
                ? FunctionSchemas.withoutChoices(object, own, path)
                : schema;
        if (function && plain instanceof ObjectNode object && !object.has("type")) {
            plain = object.deepCopy().put("type", "object");
        }
        AtomicBoolean retyped = new AtomicBoolean();
        JsonNode written = GoogleSchemas.gemini(plain, own, path, retyped, size);
        if (!own.all().isEmpty() && target.jsonSchema()) {
            Losses others = new Losses(false);
            AtomicBoolean broken = new AtomicBoolean();
            JsonNode json = GoogleSchemas.google(schema, others, path, broken);
            if (others.all().isEmpty() || (retyped.get() && !broken.get())) {
                // a number that comes as a text is worse than a bound that nobody keeps
                others.all().forEach(loss -> losses.add(loss.code(), loss.path()));
                into.set(function ? "parametersJsonSchema" : "responseJsonSchema", json);
                return;
            }
        }
        own.all().forEach(loss -> losses.add(loss.code(), loss.path()));
        boolean nothing = function
                && written.path("properties").isEmpty()
                && written.path("type").asString("").equalsIgnoreCase("object");
        if (!nothing) {
            into.set(field, written);
        }
    }
}
