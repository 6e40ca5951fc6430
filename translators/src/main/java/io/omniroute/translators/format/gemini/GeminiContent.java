package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.FileNames;
import io.omniroute.translators.format.KeptFields;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.RemoteMedia;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what a turn consists of: texts, pictures, documents, sounds and films. */
final class GeminiContent {

    private final boolean own;
    private final TargetProfile target;
    private final Losses losses;

    /** @param own whether the conversation came in this format */
    GeminiContent(boolean own, TargetProfile target, Losses losses) {
        this.own = own;
        this.target = target;
        this.losses = losses;
    }

    /** Adds a part to others. */
    void add(Part part, ArrayNode parts) {
        switch (part) {
            case Part.Text text -> {
                if (!text.text().isEmpty()) {
                    own(text.extra(), parts.addObject().put("text", text.text()));
                }
            }
            case Part.Refusal refusal -> parts.addObject().put("text", refusal.text());
            case Part.Image image -> {
                media(image.media(), "image/jpeg", parts);
                own(image.extra(), last(parts));
                if (image.detail() != null && !image.detail().equals("auto")) {
                    detail(image.detail(), last(parts));
                }
            }
            case Part.Document document -> {
                FileNames.lost(document, losses);
                if (!own && document.media() instanceof Media.Inline inline && DataUrl.isText(inline)) {
                    parts.addObject().put("text", DataUrl.textOf(inline));
                } else {
                    media(document.media(), "application/pdf", parts);
                    own(document.extra(), last(parts));
                }
            }
            case Part.Audio audio -> {
                media(audio.media(), "audio/wav", parts);
                own(audio.extra(), last(parts));
            }
            case Part.Video video -> {
                media(video.media(), "video/mp4", parts);
                own(video.extra(), last(parts));
            }
            case Part.Native raw when raw.format().equals(GeminiFormat.ID) -> parts.add(raw.raw());
            case Part.Native raw ->
                throw losses.unsupported(
                        "messages",
                        "this provider has no \"" + raw.raw().path("type").asString("") + "\"");
            case Part.Thought thought -> losses.add(Loss.Code.REASONING_STRIPPED, "messages");
            case Part.ToolCall call -> throw losses.unsupported("messages", "only the model calls tools");
            case Part.ToolResult result ->
                throw losses.unsupported("messages", "a tool's answer needs a turn of its own");
        }
    }

    private void media(Media media, String usual, ArrayNode parts) {
        switch (media) {
            case Media.Inline inline ->
                parts.addObject()
                        .putObject("inlineData")
                        .put("mimeType", inline.mime().isEmpty() ? usual : known(inline.mime()))
                        .put("data", inline.base64());
            case Media.Remote remote
            when KeptFields.isGoogles(remote.url()) ->
                throw losses.unsupported(
                        "messages",
                        "a file that a provider keeps must be known to be the caller's, and no address says whose it is");
            case Media.Remote remote ->
                parts.addObject()
                        .putObject("fileData")
                        .put("mimeType", remote.mime().isEmpty() ? byName(remote.url(), usual) : known(remote.mime()))
                        .put("fileUri", RemoteMedia.address(remote, target, own, losses.where("messages")));
            case Media.Stored stored
            when stored.family().equals(GeminiFormat.ID) ->
                parts.addObject().putObject("fileData").put("fileUri", stored.id());
            case Media.Stored stored ->
                throw losses.unsupported("messages", "a file that another provider keeps cannot be read here");
        }
    }

    private static ObjectNode last(ArrayNode parts) {
        return (ObjectNode) parts.get(parts.size() - 1);
    }

    /** What only this format knows goes back into it. */
    private static void own(Extra extra, ObjectNode part) {
        extra.of(GeminiFormat.ID).forEach(part::set);
    }

    /** How closely to look: newer models are told for each picture. */
    private void detail(String detail, ObjectNode picture) {
        String level = own || target.thinking() == TargetProfile.Thinking.LEVEL ? MediaResolution.level(detail) : "";
        if (level.isEmpty()) {
            losses.add(Loss.Code.DETAIL_DROPPED, "messages.detail");
        } else {
            picture.putObject("mediaResolution").put("level", level);
        }
    }

    private static String byName(String url, String usual) {
        String lower = url.toLowerCase(Locale.ROOT);
        for (String kind : List.of("png", "webp", "gif")) {
            if (lower.contains("." + kind)) {
                return "image/" + kind;
            }
        }
        return lower.contains(".pdf") ? "application/pdf" : usual;
    }

    /** Google knows no other name of it. */
    private static String known(String mime) {
        return mime.equals("image/jpg") ? "image/jpeg" : mime;
    }
}
