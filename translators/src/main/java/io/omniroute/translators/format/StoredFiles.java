package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;

/** Finds files that a provider keeps. */
final class StoredFiles {

    private StoredFiles() {}

    static boolean areIn(ChatRequest request) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(StoredFiles::isOne);
    }

    private static boolean isOne(Part part) {
        return switch (part) {
            case Part.Image image -> image.media() instanceof Media.Stored;
            case Part.Document document -> document.media() instanceof Media.Stored;
            case Part.Audio audio -> audio.media() instanceof Media.Stored;
            case Part.Video video -> video.media() instanceof Media.Stored;
            case Part.ToolResult result -> result.content().stream().anyMatch(StoredFiles::isOne);
            // what only the format itself knows, such as uploads for code that the provider runs
            case Part.Native raw -> !raw.raw().findValues("file_id").isEmpty();
            default -> false;
        };
    }
}
