package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.json.DataUrl;
import io.omniroute.translators.model.Media;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Pictures in answers, as OpenRouter and others write them: {@code images} with data URLs. */
final class ChatImages {

    private ChatImages() {}

    static void read(JsonNode images, List<ChatPiece> pieces) {
        for (JsonNode image : images) {
            String url = image.path("image_url").path("url").asString("");
            if (url.startsWith("data:") && DataUrl.media(url, "image/png") instanceof Media.Inline inline) {
                pieces.add(ChatPiece.image(inline.mime(), inline.base64()));
            }
        }
    }
}
