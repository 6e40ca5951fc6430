package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.RetryHints;
import io.omniroute.translators.json.Json;
import java.time.Duration;
import java.time.Instant;
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

    /** However far something leads into itself, the way ends. */
    @Test
    void endWhateverTheyLeadTo() {
        ObjectNode schema = Json.object();
        schema.put("$ref", "#/$defs/a0");
        ObjectNode definitions = schema.putObject("$defs");
        for (int i = 0; i < 20_000; i++) {
            definitions.putObject("a" + i).put("$ref", "#/$defs/a" + (i + 1));
        }
        assertThat(SchemaDialect.isRecursive(schema)).isTrue();
        assertThat(Json.at(schema, "#" + "/".repeat(100_000)).isMissingNode()).isTrue();
        assertThat(Json.at(schema, "#/$defs/a1").path("$ref").asString()).isEqualTo("#/$defs/a2");
    }

    /** A wait that is written without end is none. */
    @Test
    void endWithTheWordsOfAnError() {
        assertThat(RetryHints.inWords("retry in " + "1s".repeat(50_000), Instant.EPOCH))
                .isNull();
    }
}
