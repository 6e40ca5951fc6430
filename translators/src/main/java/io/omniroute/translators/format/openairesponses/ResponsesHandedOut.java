package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.HandedOut;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** What answers and events of Responses name that the provider keeps from then on. */
final class ResponsesHandedOut {

    /** Containers, the files that code has made in them, conversations, and answers with their items where the provider keeps them. */
    static final HandedOut IDS = new HandedOut(
            List.of("\"container_id\"", "\"file_id\"", "\"conversation\"", "\"store\""), ResponsesHandedOut::handedOut);

    private static final Set<String> OF_CODE = Set.of("container_file_citation", "file_path");

    private static void handedOut(JsonNode data, Consumer<JsonNode> ids) {
        ofItem(data.path("item"), ids);
        ofCitation(data.path("annotation"), ids);
        JsonNode response = data.has("response") ? data.path("response") : data;
        ids.accept(response.path("conversation").path("id"));
        boolean kept = response.path("store").asBoolean(false);
        if (kept) {
            ids.accept(response.path("id"));
        }
        for (JsonNode item : response.path("output")) {
            ofItem(item, ids);
            if (kept) {
                ids.accept(item.path("id"));
            }
        }
    }

    private static void ofItem(JsonNode item, Consumer<JsonNode> ids) {
        switch (item.path("type").asString("")) {
            case "code_interpreter_call" -> ids.accept(item.path("container_id"));
            case "shell_call" -> ids.accept(item.path("environment").path("container_id"));
            default -> {
                // names nothing of itself
            }
        }
        for (JsonNode part : item.path("content")) {
            part.path("annotations").forEach(annotation -> ofCitation(annotation, ids));
        }
    }

    private static void ofCitation(JsonNode annotation, Consumer<JsonNode> ids) {
        if (OF_CODE.contains(annotation.path("type").asString(""))) {
            ids.accept(annotation.path("container_id"));
            ids.accept(annotation.path("file_id"));
        }
    }

    private ResponsesHandedOut() {}
}
