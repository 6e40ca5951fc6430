package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What agents of one program write to each other, which Codex puts among the items: the task that an agent has, and what came of it. For
 * providers of other formats it is something that the user says. What a model writes to another agent is sealed by OpenAI alone; of other
 * vendors' models it stands there as it is.
 */
final class AgentMessages {

    private static final String ITEM = "agent_message";
    private static final String SEALED = "encrypted_content";

    /** What OpenAI's sealed texts begin with. */
    private static final String SEAL = "gAAAA";

    private AgentMessages() {}

    /** The request with such messages as turns of the user; itself if it has none. */
    static ChatRequest told(ChatRequest request) {
        if (request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .noneMatch(AgentMessages::isReadable)) {
            return request;
        }
        List<Message> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            turns(message, messages);
        }
        return request.change().messages(messages).build();
    }

    private static void turns(Message message, List<Message> messages) {
        List<Part> said = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.Native raw && isReadable(raw)) {
                ToolSearch.end(message, said, messages);
                messages.add(Message.of(Role.USER, texts(raw.raw()), message.place()));
            } else {
                said.add(part);
            }
        }
        ToolSearch.end(message, said, messages);
    }

    /** Whether all of a message can be read: half a task is none. */
    private static boolean isReadable(Part part) {
        return part instanceof Part.Native raw
                && raw.format().equals(ResponsesFormat.ID)
                && raw.raw().path("type").asString("").equals(ITEM)
                && raw.raw().path("content").isArray()
                && raw.raw()
                        .path("content")
                        .valueStream()
                        .noneMatch(piece -> text(piece).isEmpty());
    }

    private static List<Part> texts(JsonNode item) {
        return item.path("content")
                .valueStream()
                .<Part>map(piece -> Part.Text.of(text(piece)))
                .toList();
    }

    /** Empty for what is no text, or sealed. */
    private static String text(JsonNode piece) {
        if (!piece.path("type").asString("").equals(SEALED)) {
            return piece.path("text").asString("");
        }
        String written = piece.path(SEALED).asString("");
        return written.startsWith(SEAL) ? "" : written;
    }
}
