package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.KeptFields;
import io.omniroute.translators.format.RemoteMedia;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads pictures, sounds, films and documents, inside the request or named by it. */
final class GeminiMedia {

    private GeminiMedia() {}

    /** The medium of a part, or {@code null} if it has none. */
    static @Nullable Part read(Fields part) {
        JsonNode inline = part.take("inlineData", "inline_data");
        JsonNode file = part.take("fileData", "file_data");
        if (inline != null) {
            return media(inline(part.at(part.path("inlineData"), inline)), part);
        }
        return file == null ? null : media(file(part.at(part.path("fileData"), file)), part);
    }

    /** Content inside the request. */
    private static Media inline(Fields data) {
        JsonNode mime = data.take("mimeType", "mime_type");
        return new Media.Inline(mime == null ? "" : mime.asString(""), data.require("data"));
    }

    /** Content that the request names. */
    private static Media file(Fields data) {
        JsonNode mime = data.take("mimeType", "mime_type");
        JsonNode uri = data.take("fileUri", "file_uri");
        if (uri == null) {
            throw data.missing("fileUri");
        }
        String address = uri.asString("");
        return KeptFields.isGoogles(address)
                ? new Media.Stored(GeminiFormat.ID, address)
                : new Media.Remote(mime == null ? "" : mime.asString(""), address);
    }

    /** How closely to look at a picture; what only Google can say of that stays with its format. */
    private static @Nullable String detail(Fields part) {
        JsonNode resolution = part.object().get("mediaResolution");
        String detail =
                MediaResolution.detail(resolution == null ? part.object().get("media_resolution") : resolution);
        if (detail != null) {
            part.take("mediaResolution", "media_resolution");
        }
        return detail;
    }

    private static Part media(Media media, Fields part) {
        String mime = switch (media) {
            case Media.Inline inline -> inline.mime();
            case Media.Remote remote ->
                remote.mime().isEmpty() && RemoteMedia.isFilm(remote) ? "video/mp4" : remote.mime();
            case Media.Stored stored -> "application/octet-stream";
        };
        String kind = mime.isEmpty() ? "image" : mime.substring(0, Math.max(0, mime.indexOf('/')));
        String detail = kind.equals("image") ? detail(part) : null;
        Extra extra = Extra.rest(GeminiFormat.ID, part);
        return switch (kind) {
            case "image" -> new Part.Image(media, detail, null, extra);
            case "audio" -> new Part.Audio(media, extra);
            case "video" -> new Part.Video(media, extra);
            default -> new Part.Document(media, null, null, extra);
        };
    }
}
