package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what messages of this format say: their blocks, and those inside answers of tools. */
final class MessagesPartReader {

    private final CarrierSeal seal;

    MessagesPartReader(CarrierSeal seal) {
        this.seal = seal;
    }

    /**
     * The parts of a content, which may be a text as well.
     *
     * @param parent what has it
     * @param path where it stands
     */
    List<Part> content(Fields parent, String path, JsonNode content) {
        if (content.isString()) {
            return content.stringValue().isEmpty() ? List.of() : List.of(Part.Text.of(content.stringValue()));
        }
        if (!content.isArray()) {
            throw Fields.wrong(path, "a string or an array of blocks", content);
        }
        List<Part> parts = new ArrayList<>();
        int index = 0;
        for (JsonNode block : content) {
            Fields fields = parent.at(path + "[" + index++ + "]", block);
            if (DocumentBlocks.is(block)) {
                parts.addAll(DocumentBlocks.read(fields, this));
            } else {
                parts.add(block(fields));
            }
        }
        return parts;
    }

    private Part block(Fields block) {
        CacheMark cache = mark(block.take("cache_control"));
        return switch (block.require("type")) {
            case "text" -> {
                Part.Text text = new Part.Text(block.require("text"), cache, extra(block));
                // those of an answer before say nothing new
                block.take("citations");
                yield text;
            }
            case "image" -> {
                Media media = media(block);
                yield new Part.Image(media, null, cache, extra(block));
            }
            case "document" -> document(block, cache);
            case "thinking" -> {
                String text = block.string("thinking");
                Opaque opaque = seal.read(AnthropicFormat.ID, Opaque.Kind.SIGNATURE, null, block.string("signature"));
                yield new Part.Thought(text == null ? "" : text, opaque);
            }
            case "redacted_thinking" ->
                new Part.Thought("", seal.read(AnthropicFormat.ID, Opaque.Kind.REDACTED, null, block.string("data")));
            case "tool_use" -> {
                JsonNode input = block.take("input");
                yield new Part.ToolCall(
                        block.require("id"),
                        block.require("name"),
                        input == null ? "{}" : Arguments.text(input),
                        false,
                        null,
                        cache,
                        caller(block));
            }
            case "tool_result" -> {
                JsonNode content = block.take("content");
                Boolean error = block.bool("is_error");
                yield new Part.ToolResult(
                        block.require("tool_use_id"),
                        null,
                        error != null && error,
                        content == null ? List.of() : content(block, block.path("content"), content),
                        false,
                        cache,
                        extra(block));
            }
            case SearchResults.TYPE -> SearchResults.read(block, cache);
            case MessagesTurns.COMPACTION -> {
                // what was said before, in few words: without it the others would know nothing of that
                JsonNode summary = block.object().get("content");
                yield summary != null
                                && summary.isString()
                                && !summary.stringValue().isEmpty()
                        ? new Part.Text(
                                summary.stringValue(),
                                cache,
                                new Extra(AnthropicFormat.ID, Map.of(MessagesTurns.COMPACTION, block.whole())))
                        : new Part.Native(AnthropicFormat.ID, block.whole());
            }
            default -> new Part.Native(AnthropicFormat.ID, block.whole());
        };
    }

    private Part document(Fields block, @Nullable CacheMark cache) {
        JsonNode source = block.object().path("source");
        if (source.path("type").asString("").equals("text")) {
            block.take("source");
            String title = block.string("title");
            return new Part.Document(DataUrl.text(source.path("data").asString("")), title, cache, extra(block));
        }
        Media media = media(block);
        return new Part.Document(media, block.string("title"), cache, extra(block));
    }

    private static Media media(Fields block) {
        Fields source = block.fields("source");
        if (source == null) {
            throw block.missing("source");
        }
        return switch (source.require("type")) {
            case "base64" -> new Media.Inline(source.require("media_type"), source.require("data"));
            case "url" -> new Media.Remote("", source.require("url"));
            case "file" -> new Media.Stored(AnthropicFormat.ID, source.require("file_id"));
            default -> throw source.invalid("type", "\"base64\", \"url\" or \"file\"");
        };
    }

    /** Who calls; that it is the model itself goes without saying. */
    private static Extra caller(Fields call) {
        if (call.object().path("caller").path("type").asString("").equals("direct")) {
            call.take("caller");
        }
        return extra(call);
    }

    /** The mark that a value says, if there is one. */
    static @Nullable CacheMark mark(@Nullable JsonNode control) {
        return control == null ? null : new CacheMark(control.path("ttl").stringValue(null));
    }

    /** What only this format knows of it. */
    static Extra extra(Fields fields) {
        Map<String, JsonNode> rest = fields.rest();
        Citations.keepOwn(rest);
        return rest.isEmpty() ? Extra.NONE : new Extra(AnthropicFormat.ID, rest);
    }
}
