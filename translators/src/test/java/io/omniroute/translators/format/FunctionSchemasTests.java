package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.Json;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A schema that a client has made to be worked on for ever is not. */
class FunctionSchemasTests {

    @Test
    void doNotFollowWithoutEnd() {
        String itself = String.join(",", Collections.nCopies(30, "{\"$ref\":\"#/$defs/A\"}"));
        JsonNode schema = Json.read("{\"type\":\"object\",\"$defs\":{\"A\":{\"properties\":{\"a\":{}},\"allOf\":["
                + itself + "]}},\"allOf\":[" + itself + "]}");
        ObjectNode plain = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> SchemaDialect.anthropicFunction((ObjectNode) schema, new Losses(false), "tools.f"));
        assertThat(plain.path("properties").has("a")).isTrue();
        assertThat(plain.has("allOf")).isFalse();
    }
}
