package io.omniroute.redis.apikey;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.ModelPatterns;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An API key's record as it is stored: JSON with a version, {@code v}. Version 1 is the only one so far. */
final class ApiKeyRecords {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int VERSION = 1;

    private ApiKeyRecords() {}

    static String write(ApiKey key) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("v", VERSION);
        record.put("id", key.id());
        record.put("organisation", key.organisation());
        record.put("team", key.team());
        record.put("models", key.models().written());
        record.put("endpoints", List.copyOf(key.endpoints()));
        record.put("scopes", List.copyOf(key.scopes()));
        Instant expires = key.expires();
        if (expires != null) {
            record.put("expires", expires.toString());
        }
        record.put("active", key.active());
        if (key.bounded()) {
            record.put("bounded", true);
        }
        return JSON.writeValueAsString(record);
    }

    static ApiKey read(KeyHash hash, String record) {
        JsonNode json = JSON.readTree(record);
        int version = json.path("v").asInt(0);
        if (version != VERSION) {
            throw new IllegalStateException(
                    "the record of an API key has version " + version + ", this gateway reads " + VERSION);
        }
        JsonNode expires = json.path("expires");
        return new ApiKey(
                json.path("id").asString(""),
                hash,
                json.path("organisation").asString(""),
                json.path("team").asString(""),
                ModelPatterns.of(texts(json.path("models"))),
                Set.copyOf(texts(json.path("endpoints"))),
                Set.copyOf(texts(json.path("scopes"))),
                expires.isString() ? Instant.parse(expires.asString()) : null,
                json.path("active").asBoolean(false),
                json.path("bounded").asBoolean(false));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).collect(Collectors.toList());
    }
}
