package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Media;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Pictures in answers, as OpenRouter and others write them: {@code images} with data URLs. */
final class ChatImages {

    private ChatImages() {}

    /** Those of an answer. */
    static void read(JsonNode images, List<ChatPiece> pieces) {
        for (Media.Inline inline : media(images)) {
            pieces.add(ChatPiece.image(inline.mime(), inline.base64()));
        }
    }

    /** Those that are there whole. */
    static List<Media.Inline> media(JsonNode images) {
        List<Media.Inline> whole = new ArrayList<>();
        for (JsonNode image : images) {
            String url = image.path("image_url").path("url").asString("");
            if (url.startsWith("data:") && DataUrl.media(url, "image/png") instanceof Media.Inline inline) {
                whole.add(inline);
            }
        }
        return whole;
    }
}
