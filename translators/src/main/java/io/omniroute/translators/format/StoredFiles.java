package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Finds what a conversation has of a provider's: its files, and the containers that its code has run in. */
final class StoredFiles {

    private static final List<String> FIELDS = List.of("file_id", "container_id");

    private StoredFiles() {}

    static Stream<KeptObject> in(ChatRequest request) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .flatMap(StoredFiles::in);
    }

    private static Stream<KeptObject> in(Part part) {
        return switch (part) {
            case Part.Image image -> in(image.media());
            case Part.Document document -> in(document.media());
            case Part.Audio audio -> in(audio.media());
            case Part.Video video -> in(video.media());
            case Part.ToolResult result -> result.content().stream().flatMap(StoredFiles::in);
            // what only the format itself knows, such as uploads for code that the provider runs
            case Part.Native raw ->
                FIELDS.stream()
                        .flatMap(field -> raw.raw().findValues(field).stream()
                                .filter(JsonNode::isValueNode)
                                .filter(id -> !id.isNull())
                                .map(id -> new KeptObject(field, id.asString(""))));
            default -> Stream.empty();
        };
    }

    private static Stream<KeptObject> in(Media media) {
        return media instanceof Media.Stored stored
                ? Stream.of(new KeptObject("file_id", stored.id()))
                : Stream.empty();
    }
}
