package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.RemoteMedia;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.MediaTypes;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a request's pictures and documents stand for a provider of this format.
 *
 * @param own whether the request came in this format
 */
record MessagesMedia(boolean own, TargetProfile target, Losses losses) {

    private static final Set<String> PICTURES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final Set<String> DOCUMENTS = Set.of("application/pdf");

    ObjectNode picture(Media media, String path) {
        ObjectNode source = source(media, path);
        require(source, PICTURES, path, "pictures as JPEG, PNG, GIF or WebP");
        return source;
    }

    ObjectNode document(Media media, String path) {
        ObjectNode source = source(media, path);
        require(source, DOCUMENTS, path, "documents as PDF or as text");
        return source;
    }

    private void require(ObjectNode source, Set<String> types, String path, String expected) {
        String type = source.path("media_type").asString("");
        if (!type.isEmpty() && !types.contains(type)) {
            throw losses.unsupported(path, "this provider takes " + expected + ", and not \"" + type + "\"");
        }
    }

    private ObjectNode source(Media media, String path) {
        return switch (media) {
            case Media.Inline inline -> {
                String said = inline.mime().equals("image/jpg") ? "image/jpeg" : inline.mime();
                String type = MediaTypes.of(inline.base64(), said);
                if (!type.equals(said)) {
                    losses.add(Loss.Code.MEDIA_TYPE_CORRECTED, path);
                }
                yield Json.object()
                        .put("type", "base64")
                        .put("media_type", type)
                        .put("data", inline.base64());
            }
            case Media.Remote remote ->
                Json.object()
                        .put("type", "url")
                        .put("url", RemoteMedia.address(remote, target, own, losses.where(path)));
            case Media.Stored stored
            when stored.family().equals(AnthropicFormat.ID) ->
                Json.object().put("type", "file").put("file_id", stored.id());
            case Media.Stored stored ->
                throw losses.unsupported(path, "a file that another provider keeps cannot be read here");
        };
    }
}
