package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ToolErrors;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what items of this format say: their parts, calls and answers of tools, thoughts and pictures. */
final class ResponsesPartReader {

    private final CarrierSeal seal;

    ResponsesPartReader(CarrierSeal seal) {
        this.seal = seal;
    }

    Part thought(Fields item) {
        StringBuilder text = new StringBuilder();
        for (String list : List.of("summary", "content")) {
            for (Fields part : item.objects(list)) {
                part.take("type");
                String piece = part.string("text");
                text.append(text.isEmpty() ? "" : "\n\n").append(piece == null ? "" : piece);
            }
        }
        Opaque opaque = seal.read(
                ResponsesFormat.ID, Opaque.Kind.ENCRYPTED, item.string("id"), item.string("encrypted_content"));
        boolean plain = opaque == null && !text.isEmpty();
        return new Part.Thought(text.toString(), plain ? new Opaque("", Opaque.Kind.PLAIN, null, "") : opaque);
    }

    /** @param field which of its fields says what is given to the tool */
    static Part call(Fields item, String field, boolean custom) {
        String arguments = item.string(field);
        String id = item.require("call_id");
        String name = Namespaces.joined(item.string("namespace"), item.require("name"));
        return new Part.ToolCall(
                id, name, arguments == null ? "" : arguments, custom, null, null, Extra.rest(ResponsesFormat.ID, item));
    }

    /** The answer of a tool. */
    Part result(Fields item, boolean custom) {
        return ToolErrors.result(item.require("call_id"), null, list(item, "output"), custom, null)
                .with(Extra.rest(ResponsesFormat.ID, item));
    }

    /** A picture of the model's own, which goes back into this format as the item that it is. */
    static Part drawn(Fields item) {
        String data = item.string("result");
        if (data == null || data.isEmpty()) {
            return new Part.Native(ResponsesFormat.ID, item.whole());
        }
        String format = item.string("output_format");
        return new Part.Image(
                new Media.Inline("image/" + (format == null ? "png" : format), data),
                null,
                null,
                new Extra(ResponsesFormat.ID, Map.of(ResponsesRequestReader.DRAWN, item.whole())));
    }

    /** The parts in a field, which may be a text as well. */
    List<Part> list(Fields item, String field) {
        JsonNode written = item.take(field);
        if (written == null) {
            return List.of();
        }
        if (written.isString()) {
            return written.stringValue().isEmpty() ? List.of() : List.of(Part.Text.of(written.stringValue()));
        }
        return item.objects(field).stream().map(this::part).toList();
    }

    private Part part(Fields part) {
        @Nullable CacheMark cache = CacheMarks.read(part);
        return switch (part.require("type")) {
            case "input_text", "output_text", "text" -> {
                // those of an answer before say nothing new
                List.of("annotations", "logprobs").forEach(part::take);
                String text = part.require("text");
                yield new Part.Text(text, cache, Extra.rest(ResponsesFormat.ID, part));
            }
            case "refusal" -> new Part.Refusal(part.require("refusal"));
            case "input_image" -> {
                String url = part.string("image_url");
                String id = part.string("file_id");
                Media media = url == null
                        ? new Media.Stored(ResponsesFormat.FAMILY, id == null ? part.require("image_url") : id)
                        : DataUrl.media(url, "image/png");
                String detail = part.string("detail");
                yield new Part.Image(media, detail, cache, Extra.rest(ResponsesFormat.ID, part));
            }
            case "input_file" -> {
                String data = part.string("file_data");
                String url = part.string("file_url");
                String name = part.string("filename");
                Media media;
                if (data != null) {
                    media = DataUrl.file(data, name);
                } else if (url != null) {
                    media = new Media.Remote("", url);
                } else {
                    media = new Media.Stored(ResponsesFormat.FAMILY, part.require("file_id"));
                }
                yield new Part.Document(media, name, cache, Extra.rest(ResponsesFormat.ID, part));
            }
            default -> new Part.Native(ResponsesFormat.ID, part.whole());
        };
    }
}
