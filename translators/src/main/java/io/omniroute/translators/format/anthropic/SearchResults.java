package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Part;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a client has found itself, and brings along for the model to answer from: a block of Anthropic's, and a text for everybody else. */
final class SearchResults {

    /** The block's type, and the name of the field in which a text keeps it. */
    static final String TYPE = "search_result";

    private static final List<String> HEAD = List.of("title", "source");

    private SearchResults() {}

    /** Reads one; that it may be cited is read by nobody, and so is lost where it cannot be said. */
    static Part read(Fields block, @Nullable CacheMark cache) {
        JsonNode raw = block.object();
        boolean words = raw.path("content").isArray()
                && raw.path("content")
                        .valueStream()
                        .allMatch(one -> one.path("type").asString("").equals("text"));
        if (!words) {
            return new Part.Native(AnthropicFormat.ID, block.whole());
        }
        HEAD.forEach(block::take);
        block.take("content");
        if (!raw.path("citations").path("enabled").asBoolean(false)) {
            block.take("citations");
        }
        return new Part.Text(text(raw), cache, new Extra(AnthropicFormat.ID, Map.of(TYPE, raw)));
    }

    /** The block of a text that is still the same; {@code null} if it has none, or says something else now. */
    static @Nullable JsonNode of(Part.Text text) {
        JsonNode raw = text.extra().of(AnthropicFormat.ID).get(TYPE);
        return raw != null && text(raw).equals(text.text()) ? raw : null;
    }

    /** What it is called, where it was found and what it says, in tags: texts of a tool's answer may stand one behind another as one. */
    private static String text(JsonNode raw) {
        StringBuilder text = new StringBuilder("<search_result>\n");
        for (String name : HEAD) {
            String said = raw.path(name).asString("");
            if (!said.isBlank()) {
                text.append("<%s>%s</%s>\n".formatted(name, said, name));
            }
        }
        String said = raw.path("content")
                .valueStream()
                .map(one -> one.path("text").asString(""))
                .collect(Collectors.joining("\n\n"));
        return text.append(said).append("\n</search_result>").toString();
    }
}
