package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.FileNames;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.RemoteMedia;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what stands in messages: texts, pictures, documents, sounds. */
final class CompletionsParts {

    private static final Set<String> DETAILS = Set.of("auto", "low", "high");

    /** How Mistral takes documents. */
    static final String DOCUMENT_URL = "document_url";

    private final TargetProfile target;
    private final Losses losses;
    private final boolean own;

    /** @param own whether the conversation came in this format, whose own fields it may have */
    CompletionsParts(TargetProfile target, Losses losses, boolean own) {
        this.target = target;
        this.losses = losses;
        this.own = own;
    }

    /** Marks a part of which what stands before may be cached. */
    private void mark(@Nullable CacheMark cache, ObjectNode part) {
        if (own) {
            CacheMarks.write(cache, part);
        } else {
            CacheMarks.write(cache, part, target, losses);
        }
    }

    /** The content of a message: a plain text, or a list of parts. */
    JsonNode content(List<Part> parts, String path) {
        if (parts.isEmpty()) {
            return Json.string("");
        }
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text only && isPlain(only)) {
            return Json.string(only.text());
        }
        if (!own
                && target.unsupported().contains("text_parts")
                && parts.stream().allMatch(CompletionsParts::isText)) {
            return Json.string(parts.stream()
                    .map(part -> part instanceof Part.Text text ? text.text() : "")
                    .collect(Collectors.joining("\n\n")));
        }
        ArrayNode content = Json.array();
        parts.forEach(part -> part(part, content, path));
        return content;
    }

    private static boolean isText(Part part) {
        return part instanceof Part.Text;
    }

    private boolean isPlain(Part.Text text) {
        if (!text.extra().of(OpenAiChatFormat.ID).isEmpty()) {
            return false;
        }
        return text.cache() == null || (!own && !CacheMarks.areKnown(target));
    }

    private void part(Part part, ArrayNode content, String path) {
        switch (part) {
            case Part.Text text -> {
                ObjectNode written = content.addObject().put("type", "text").put("text", text.text());
                mark(text.cache(), written);
                text.extra().of(OpenAiChatFormat.ID).forEach(written::set);
            }
            case Part.Refusal refusal -> content.addObject().put("type", "text").put("text", refusal.text());
            case Part.Image image -> {
                ObjectNode written = content.addObject().put("type", "image_url");
                ObjectNode url = written.putObject("image_url").put("url", url(image.media(), path));
                mark(image.cache(), written);
                image.extra().of(OpenAiChatFormat.ID).forEach(written::set);
                if (image.detail() != null) {
                    boolean known = own || DETAILS.contains(image.detail());
                    if (!known) {
                        losses.add(Loss.Code.DETAIL_DROPPED, path + ".detail");
                    }
                    url.put("detail", known ? image.detail() : "high");
                }
            }
            case Part.Document document -> document(document, content, path);
            case Part.Audio audio
            when audio.media() instanceof Media.Inline inline -> {
                ObjectNode written = content.addObject().put("type", "input_audio");
                written.putObject("input_audio")
                        .put("data", inline.base64())
                        .put("format", audioFormat(inline.mime(), path));
                audio.extra().of(OpenAiChatFormat.ID).forEach(written::set);
            }
            case Part.Audio audio ->
                throw losses.unsupported(path, "this provider takes audio only inside the request");
            case Part.Video video -> {
                ObjectNode written = content.addObject().put("type", "video_url");
                written.putObject("video_url").put("url", url(video.media(), path));
                video.extra().of(OpenAiChatFormat.ID).forEach(written::set);
            }
            case Part.Native raw when raw.format().equals(OpenAiChatFormat.ID) -> content.add(raw.raw());
            case Part.Native raw ->
                throw losses.unsupported(
                        path, "this provider has no \"" + raw.raw().path("type").asString("") + "\"");
            case Part.Thought thought -> losses.add(Loss.Code.REASONING_STRIPPED, path);
            case Part.ToolCall call -> throw losses.unsupported(path, "only the model calls tools");
            case Part.ToolResult result -> throw losses.unsupported(path, "a tool's answer needs a turn of its own");
        }
    }

    private String audioFormat(String mime, String path) {
        String type = mime.toLowerCase(Locale.ROOT);
        if (type.contains("wav")) {
            return "wav";
        }
        if (type.isEmpty() || type.contains("mp3") || type.contains("mpeg")) {
            return "mp3";
        }
        if (own) {
            return type.substring(type.indexOf('/') + 1);
        }
        throw losses.unsupported(path, "this provider takes audio as wav or mp3 only");
    }

    private void document(Part.Document document, ArrayNode content, String path) {
        Map<String, JsonNode> fields = document.extra().of(OpenAiChatFormat.ID);
        if (fields.containsKey(DOCUMENT_URL)) {
            content.add(Json.object(fields));
            return;
        }
        if (!own && document.media() instanceof Media.Inline inline && DataUrl.isText(inline)) {
            FileNames.lost(document, losses);
            mark(document.cache(), content.addObject().put("type", "text").put("text", DataUrl.textOf(inline)));
            return;
        }
        if (!own && target.takes().contains(DOCUMENT_URL) && !(document.media() instanceof Media.Stored)) {
            ObjectNode written =
                    content.addObject().put("type", DOCUMENT_URL).put(DOCUMENT_URL, url(document.media(), path));
            if (document.title() != null) {
                written.put("document_name", document.title());
            }
            return;
        }
        ObjectNode written = content.addObject().put("type", "file");
        ObjectNode file = written.putObject("file");
        mark(document.cache(), written);
        fields.forEach(written::set);
        if (document.title() != null || (!own && document.media() instanceof Media.Inline)) {
            file.put("filename", own ? document.title() : FileNames.of(document));
        }
        switch (document.media()) {
            case Media.Inline inline -> file.put("file_data", DataUrl.of(inline));
            case Media.Stored stored
            when stored.family().equals(OpenAiChatFormat.FAMILY) -> file.put("file_id", stored.id());
            case Media.Stored stored ->
                throw losses.unsupported(path, "a file that another provider keeps cannot be read here");
            case Media.Remote remote -> throw RemoteMedia.notFetched(losses.where(path));
        }
    }

    private String url(Media media, String path) {
        return switch (media) {
            case Media.Inline inline -> DataUrl.of(inline);
            case Media.Remote remote -> RemoteMedia.address(remote, target, own, losses.where(path));
            case Media.Stored stored ->
                throw losses.unsupported(path, "a file that another provider keeps cannot be read here");
        };
    }
}
