package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A document that a client has cut into blocks of its own, so that each can be cited: for everybody else what it says, in tags that tell
 * where it begins and ends, with its pictures where they stand. One of words alone keeps its block for Anthropic.
 */
final class DocumentBlocks {

    /** The block's type, and the name of the field in which a text keeps it. */
    static final String TYPE = "document";

    private static final List<String> HEAD = List.of("title", "context");

    private DocumentBlocks() {}

    static boolean is(JsonNode block) {
        return block.path("type").asString("").equals(TYPE)
                && block.path("source").path("type").asString("").equals("content");
    }

    /** A document as its parts, of which the pictures are read as those of a message are. */
    static List<Part> read(Fields block, MessagesPartReader reader) {
        JsonNode raw = block.object();
        CacheMark cache = MessagesPartReader.mark(block.take("cache_control"));
        Fields source = block.fields("source");
        JsonNode content = source == null ? null : source.take("content");
        if (source == null || content == null) {
            throw block.missing("source.content");
        }
        List<Part> said = reader.content(source, source.path("content"), content);
        source.take("type");
        block.take("type");
        HEAD.forEach(block::take);
        if (!raw.path("citations").path("enabled").asBoolean(false)) {
            block.take("citations");
        }
        if (content.isString() || content.valueStream().allMatch(DocumentBlocks::isText)) {
            return List.of(new Part.Text(text(raw), cache, new Extra(AnthropicFormat.ID, Map.of(TYPE, raw))));
        }
        List<Part> parts = new ArrayList<>();
        parts.add(Part.Text.of(opening(raw).stripTrailing()));
        parts.addAll(said);
        parts.add(new Part.Text("</document>", cache, Extra.NONE));
        return parts;
    }

    /** The block of a text that is still the same; {@code null} if it has none, or says something else now. */
    static @Nullable JsonNode of(Part.Text text) {
        JsonNode raw = text.extra().of(AnthropicFormat.ID).get(TYPE);
        return raw != null && text(raw).equals(text.text()) ? raw : null;
    }

    private static boolean isText(JsonNode block) {
        return block.path("type").asString("").equals("text");
    }

    private static String text(JsonNode raw) {
        JsonNode content = raw.path("source").path("content");
        String said = content.isString()
                ? content.stringValue()
                : content.valueStream()
                        .map(one -> one.path("text").asString(""))
                        .collect(Collectors.joining("\n\n"));
        return opening(raw) + said + "\n</document>";
    }

    private static String opening(JsonNode raw) {
        StringBuilder text = new StringBuilder("<document>\n");
        for (String name : HEAD) {
            String said = raw.path(name).asString("");
            if (!said.isBlank()) {
                text.append("<%s>%s</%s>\n".formatted(name, said, name));
            }
        }
        return text.toString();
    }
}
