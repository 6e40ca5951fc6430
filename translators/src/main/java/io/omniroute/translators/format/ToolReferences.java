package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;

/**
 * What a search for tools has found, in answers of tools for Anthropic's models, which see the tools by that. Others see all tools from the
 * beginning, and are told their names.
 */
final class ToolReferences {

    private static final String TYPE = "tool_reference";

    private ToolReferences() {}

    /** The request with names instead of references; itself if it has none. */
    static ChatRequest named(ChatRequest request, Losses losses) {
        if (!areThere(request)) {
            return request;
        }
        losses.add(Loss.Code.FIELD_DROPPED, "messages.content.tool_reference");
        return request.change()
                .messages(request.messages().stream().map(ToolReferences::named).toList())
                .build();
    }

    private static boolean areThere(ChatRequest request) {
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolResult result
                        && result.content().stream().anyMatch(ToolReferences::isOne)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Message named(Message message) {
        return message.with(message.parts().stream()
                .map(part -> part instanceof Part.ToolResult result
                        ? result.withContent(result.content().stream()
                                .map(ToolReferences::named)
                                .toList())
                        : part)
                .toList());
    }

    private static Part named(Part part) {
        return part instanceof Part.Native raw && isOne(part)
                ? Part.Text.of("The tool " + raw.raw().path("tool_name").asString("") + " can be used.")
                : part;
    }

    private static boolean isOne(Part part) {
        return part instanceof Part.Native raw
                && raw.raw().path("type").asString("").equals(TYPE);
    }
}
