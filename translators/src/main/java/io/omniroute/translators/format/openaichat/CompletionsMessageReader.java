package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.ToolErrors;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the messages of a client's request. One per request; not thread-safe. */
final class CompletionsMessageReader {

    private final CarrierSeal seal;
    private int legacyCalls;

    CompletionsMessageReader(CarrierSeal seal) {
        this.seal = seal;
    }

    /** Reads a message; what stands in it decides its role. */
    Message read(Fields message) {
        String role = message.require("role");
        String name = message.string("name");
        return switch (role) {
            case "system" -> message(Role.SYSTEM, content(message), name, message);
            case "developer" -> message(Role.DEVELOPER, content(message), name, message);
            case "user" -> message(Role.USER, content(message), name, message);
            case "assistant" -> message(Role.ASSISTANT, assistant(message), name, message);
            case "tool" ->
                Message.of(Role.TOOL, List.of(result(message, message.require("tool_call_id"), name)), message.path());
            case "function" ->
                Message.of(Role.TOOL, List.of(result(message, legacyId(legacyCalls), name)), message.path());
            default -> throw message.invalid("role", "\"system\", \"developer\", \"user\", \"assistant\" or \"tool\"");
        };
    }

    /** What nobody has read goes back into this format. */
    private static Message message(Role role, List<Part> parts, @Nullable String name, Fields read) {
        // answers have these, of any provider; no provider wants them back
        read.take("annotations");
        return new Message(role, parts, name, Extra.rest(OpenAiChatFormat.ID, read), read.path());
    }

    private Part result(Fields message, String id, @Nullable String name) {
        CacheMark whole = CacheMarks.read(message);
        return ToolErrors.result(id, name, content(message, null), false, whole)
                .with(Extra.rest(OpenAiChatFormat.ID, message));
    }

    private List<Part> assistant(Fields message) {
        List<Part> parts = new ArrayList<>();
        thoughts(message, parts);
        parts.addAll(content(message));
        String refusal = message.string("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal));
        }
        JsonNode drawn = message.take("images");
        if (drawn != null) {
            ChatImages.media(drawn).forEach(media -> parts.add(new Part.Image(media, null, null, Extra.NONE)));
        }
        for (Fields call : message.objects("tool_calls")) {
            parts.add(call(call));
        }
        Fields legacy = message.fields("function_call");
        if (legacy != null) {
            legacyCalls++;
            String arguments = legacy.string("arguments");
            parts.add(new Part.ToolCall(
                    legacyId(legacyCalls),
                    legacy.require("name"),
                    arguments == null ? "" : arguments,
                    false,
                    null,
                    null));
        }
        return parts;
    }

    /** The richest of the shapes in which reasoning comes back; the others repeat it. */
    private void thoughts(Fields message, List<Part> parts) {
        List<Fields> details = message.objects("reasoning_details");
        List<Fields> blocks = message.objects("thinking_blocks");
        JsonNode plain = message.take("reasoning_content", "reasoning");
        JsonNode raw = message.object().path("reasoning_details");
        boolean carried = details.stream().anyMatch(CompletionsMessageReader::isCarried);
        details.forEach(Fields::takeAll);
        if (!carried && !details.isEmpty()) {
            Opaque own = new Opaque(OpenAiChatFormat.ID, Opaque.Kind.ENCRYPTED, null, Json.text(raw));
            parts.add(new Part.Thought(
                    plain != null && plain.isString() ? plain.stringValue() : ReasoningDetails.text(raw), own));
            return;
        }
        for (Fields detail : details) {
            String text = detail.string("text");
            String summary = detail.string("summary");
            String shown = text == null ? summary : text;
            String signature = detail.string("signature");
            String data = detail.string("data");
            Opaque opaque = seal.read("", Opaque.Kind.SIGNATURE, null, signature == null ? data : signature);
            // a client that merged what was streamed has the text of the only signature beside it
            boolean merged = (shown == null || shown.isEmpty()) && signature != null && details.size() == 1;
            String thought = merged && plain != null && plain.isString() ? plain.stringValue() : shown;
            parts.add(new Part.Thought(thought == null ? "" : thought, own(opaque)));
        }
        for (Fields block : details.isEmpty() ? blocks : List.<Fields>of()) {
            block.take("type");
            String text = block.string("thinking");
            Opaque opaque = seal.read("", Opaque.Kind.SIGNATURE, null, block.string("signature"));
            parts.add(new Part.Thought(text == null ? "" : text, own(opaque)));
        }
        if (details.isEmpty() && blocks.isEmpty() && plain != null && plain.isString()) {
            parts.add(new Part.Thought(
                    plain.stringValue(), new Opaque(OpenAiChatFormat.ID, Opaque.Kind.PLAIN, null, "")));
        }
    }

    private static boolean isCarried(Fields detail) {
        return detail.object().path("signature").asString("").startsWith(CarrierSeal.PREFIX)
                || detail.object().path("data").asString("").startsWith(CarrierSeal.PREFIX);
    }

    /** A payload that this gateway has not packed belongs to nobody that it knows. */
    private static @Nullable Opaque own(@Nullable Opaque opaque) {
        return opaque == null || opaque.family().isEmpty() ? null : opaque;
    }

    private Part call(Fields call) {
        String id = call.require("id");
        List.of("type", "index", "extra_content").forEach(call::take);
        Fields custom = call.fields("custom");
        if (custom != null) {
            String input = custom.string("input");
            return new Part.ToolCall(
                    id,
                    custom.require("name"),
                    input == null ? "" : input,
                    true,
                    null,
                    CacheMarks.read(call),
                    Extra.rest(OpenAiChatFormat.ID, call));
        }
        Fields function = call.fields("function");
        if (function == null) {
            throw call.missing("function");
        }
        JsonNode arguments = function.take("arguments");
        String text = arguments == null ? "" : arguments.isString() ? arguments.stringValue() : arguments.toString();
        String signature = call.object()
                .path("extra_content")
                .path("google")
                .path("thought_signature")
                .asString("");
        return new Part.ToolCall(
                id,
                function.require("name"),
                text,
                false,
                seal.read("gemini", Opaque.Kind.SIGNATURE, null, signature),
                CacheMarks.read(call),
                Extra.rest(OpenAiChatFormat.ID, call));
    }

    private List<Part> content(Fields message) {
        return content(message, CacheMarks.read(message));
    }

    private List<Part> content(Fields message, @Nullable CacheMark whole) {
        JsonNode content = message.take("content");
        if (content == null) {
            return List.of();
        }
        return marked(parts(message, content, whole), whole);
    }

    /** A mark of the message is one of its last part, unless that has its own. */
    private static List<Part> marked(List<Part> parts, @Nullable CacheMark whole) {
        if (whole == null || parts.isEmpty()) {
            return parts;
        }
        List<Part> marked = new ArrayList<>(parts);
        marked.set(
                parts.size() - 1,
                switch (parts.getLast()) {
                    case Part.Text text when text.cache() == null -> new Part.Text(text.text(), whole, text.extra());
                    case Part.Image image
                    when image.cache() == null -> new Part.Image(image.media(), image.detail(), whole, image.extra());
                    case Part.Document document
                    when document.cache() == null ->
                        new Part.Document(document.media(), document.title(), whole, document.extra());
                    case Part other -> other;
                });
        return marked;
    }

    private List<Part> parts(Fields message, JsonNode content, @Nullable CacheMark whole) {
        if (content.isString()) {
            return content.stringValue().isEmpty()
                    ? List.of()
                    : List.of(new Part.Text(content.stringValue(), whole, Extra.NONE));
        }
        List<Part> parts = new ArrayList<>();
        if (content.isObject()) {
            parts.add(part(message.at(message.path("content"), content)));
            return parts;
        }
        message.objects("content").forEach(part -> parts.add(part(part)));
        return parts;
    }

    private Part part(Fields part) {
        CacheMark cache = CacheMarks.read(part);
        return switch (part.require("type")) {
            case "text" -> {
                String text = part.require("text");
                yield new Part.Text(text, cache, Extra.rest(OpenAiChatFormat.ID, part));
            }
            case "refusal" -> new Part.Refusal(part.require("refusal"));
            case "image_url" -> {
                JsonNode url = part.take("image_url");
                String address = url == null
                        ? null
                        : url.isString() ? url.stringValue() : url.path("url").stringValue(null);
                if (url == null || address == null) {
                    throw part.missing("image_url.url");
                }
                yield new Part.Image(
                        DataUrl.media(address, "image/png"),
                        url.path("detail").stringValue(null),
                        cache,
                        Extra.rest(OpenAiChatFormat.ID, part));
            }
            case "input_audio" -> {
                Fields audio = part.fields("input_audio");
                if (audio == null) {
                    throw part.missing("input_audio");
                }
                String format = audio.require("format");
                yield new Part.Audio(
                        new Media.Inline(
                                format.equals("mp3") ? "audio/mpeg" : "audio/" + format, audio.require("data")),
                        Extra.rest(OpenAiChatFormat.ID, part));
            }
            case "video_url" -> {
                Fields video = part.fields("video_url");
                if (video == null) {
                    throw part.missing("video_url");
                }
                yield new Part.Video(
                        DataUrl.media(video.require("url"), "video/mp4"), Extra.rest(OpenAiChatFormat.ID, part));
            }
            case "file" -> file(part, cache);
            case CompletionsParts.DOCUMENT_URL -> document(part, cache);
            case "thinking" ->
                new Part.Thought(
                        thought(part.whole().path("thinking")),
                        new Opaque(OpenAiChatFormat.ID, Opaque.Kind.PLAIN, null, ""));
            default -> new Part.Native(OpenAiChatFormat.ID, part.whole());
        };
    }

    /** A thought as text, or as the list of texts that Mistral makes of it. */
    private static String thought(JsonNode thinking) {
        if (thinking.isString()) {
            return thinking.stringValue();
        }
        StringBuilder text = new StringBuilder();
        thinking.forEach(piece -> text.append(piece.path("text").asString("")));
        return text.toString();
    }

    private static Part file(Fields part, @Nullable CacheMark cache) {
        Fields file = part.fields("file");
        if (file == null) {
            throw part.missing("file");
        }
        String name = file.string("filename");
        String id = file.string("file_id");
        Media media = id == null
                ? DataUrl.file(file.require("file_data"), name)
                : new Media.Stored(OpenAiChatFormat.FAMILY, id);
        return new Part.Document(media, name, cache, Extra.rest(OpenAiChatFormat.ID, part));
    }

    /** A document as Mistral takes it, which its own format gets back as it is. */
    private static Part document(Fields part, @Nullable CacheMark cache) {
        JsonNode url = part.take(CompletionsParts.DOCUMENT_URL);
        String address = url == null
                ? null
                : url.isString() ? url.stringValue() : url.path("url").stringValue(null);
        if (address == null) {
            throw part.missing(CompletionsParts.DOCUMENT_URL);
        }
        Map<String, JsonNode> whole = new LinkedHashMap<>();
        part.object().properties().forEach(field -> whole.put(field.getKey(), field.getValue()));
        return new Part.Document(
                DataUrl.media(address, "application/pdf"),
                part.string("document_name"),
                cache,
                new Extra(OpenAiChatFormat.ID, whole));
    }

    /** Legacy functions have no ids, and one call a turn: the number of the turn will do. */
    private static String legacyId(int number) {
        return IdRule.derived("function_call " + number, "call_", 29);
    }
}
