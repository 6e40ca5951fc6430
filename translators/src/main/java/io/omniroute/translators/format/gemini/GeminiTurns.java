package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.Instructions;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation as turns of user and model in alternation. The answers to the calls of a turn stand together, in the
 * order of the calls, as many as there were calls.
 */
final class GeminiTurns {

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final UnaryOperator<String> names;
    private final GeminiContent content;
    private final ArrayNode contents = Json.array();
    private Map<String, String> open = new LinkedHashMap<>();
    /** The ids that stand on open calls. */
    private final Map<String, String> ids = new HashMap<>();

    private final Map<String, Part.ToolResult> answers = new LinkedHashMap<>();
    /** Where the answers stand that are not written yet; empty if in several turns. */
    private String collected = "";

    GeminiTurns(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        boolean own = request.extra().format().equals(GeminiFormat.ID);
        this.names = ToolNames.told(own, true);
        this.content = new GeminiContent(own, target, losses);
    }

    void write(ObjectNode body) {
        ArrayNode system = Json.array();
        boolean leading = true;
        for (Message message : request.messages()) {
            leading = leading && message.role().isInstruction();
            if (leading) {
                message.parts().forEach(part -> {
                    if (part instanceof Part.Text text && !text.text().isEmpty()) {
                        system.addObject().put("text", text.text());
                    } else if (!(part instanceof Part.Text)) {
                        losses.add(Loss.Code.FIELD_DROPPED, "system");
                    }
                });
                continue;
            }
            if (message.role() != Role.TOOL) {
                answer();
            } else if (!answers.isEmpty()) {
                collected = "";
            } else {
                collected = message.place();
            }
            losses.at(message.place());
            turn(message);
        }
        answer();
        losses.behindTurns();
        if (!request.extra().format().equals(GeminiFormat.ID)
                && contents.path(0).path("role").asString("").equals("model")) {
            contents.insertObject(0)
                    .put("role", "user")
                    .putArray("parts")
                    .addObject()
                    .put("text", "(the conversation goes on)");
        }
        if (!request.extra().format().equals(GeminiFormat.ID)
                && (target.unsupported().contains("prefill")
                        || (!request.messages().isEmpty()
                                && request.messages().getLast().role() == Role.USER))
                && !contents.isEmpty()
                && contents.get(contents.size() - 1).path("role").asString("").equals("model")) {
            losses.add(Loss.Code.TURN_INSERTED, "messages");
            add("user", Json.array().add(Json.object().put("text", "(please go on)")));
        }
        if (contents.isEmpty() && !system.isEmpty()) {
            // somebody must have said something
            add("user", Json.array().add(system.remove(system.size() - 1)));
        }
        if (!system.isEmpty()) {
            body.putObject("systemInstruction").set("parts", system);
        }
        body.set("contents", contents);
    }

    private void turn(Message message) {
        if (message.name() != null) {
            losses.add(Loss.Code.NAME_DROPPED, "messages.name");
        }
        switch (message.role()) {
            case TOOL ->
                message.parts().forEach(part -> {
                    if (part instanceof Part.ToolResult result) {
                        answers.put(result.callId(), result);
                    }
                });
            case ASSISTANT -> assistant(message);
            case USER -> {
                ArrayNode parts = Json.array();
                message.parts().forEach(part -> content.add(part, parts));
                add("user", parts);
            }
            case SYSTEM, DEVELOPER -> {
                losses.add(Loss.Code.SYSTEM_MOVED, "messages");
                String text = Instructions.text(message.parts(), losses);
                if (!text.isEmpty()) {
                    add("user", Json.array().add(Json.object().put("text", Instructions.inTurn(text))));
                }
            }
        }
    }

    private void assistant(Message message) {
        ArrayNode parts = Json.array();
        @Nullable Opaque signature = null;
        List<String> unplaced = new ArrayList<>();
        List<ObjectNode> drawn = new ArrayList<>();
        boolean first = true;
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Thought thought -> {
                    Opaque opaque = thought.opaque();
                    if (opaque != null
                            && opaque.kind() == Opaque.Kind.TEXT_SIGNATURE
                            && opaque.family().equals(GeminiFormat.ID)) {
                        ofText(opaque.payload(), parts, unplaced);
                    } else if (opaque != null && opaque.family().equals(GeminiFormat.ID)) {
                        signature = opaque;
                    } else {
                        losses.add(Loss.Code.REASONING_STRIPPED, "messages");
                    }
                }
                case Part.ToolCall call -> {
                    ObjectNode written = parts.addObject();
                    call(call, written);
                    sign(written, signature == null ? call.opaque() : signature, first);
                    signature = null;
                    first = false;
                }
                case Part.Native raw
                when !raw.format().equals(GeminiFormat.ID) -> losses.add(Loss.Code.FIELD_DROPPED, "messages.content");
                case Part.Image image -> {
                    content.add(image, parts);
                    drawn.add((ObjectNode) parts.get(parts.size() - 1));
                }
                default -> content.add(part, parts);
            }
        }
        sign(drawn, unplaced);
        unplaced.forEach(payload -> parts.addObject().put("text", "").put("thoughtSignature", payload));
        add("model", parts);
    }

    /**
     * Models that think want their pictures signed: with what came before everything, as clients bring it whose format has no place
     * behind a picture, or with the placeholder.
     */
    private void sign(List<ObjectNode> drawn, List<String> unplaced) {
        for (ObjectNode picture : drawn.reversed()) {
            if (picture.has("thoughtSignature")) {
                continue;
            }
            if (!unplaced.isEmpty()) {
                picture.put("thoughtSignature", unplaced.removeLast());
            } else if (target.thinking() != TargetProfile.Thinking.NONE) {
                losses.add(Loss.Code.SIGNATURE_PLACEHOLDER, "messages");
                picture.put("thoughtSignature", Signatures.PLACEHOLDER);
            }
        }
    }

    /** A signature stands at what is before it; one that comes before everything stands behind, at a text of its own. */
    private static void ofText(String payload, ArrayNode parts, List<String> unplaced) {
        if (parts.isEmpty()) {
            unplaced.add(payload);
        } else if (parts.get(parts.size() - 1) instanceof ObjectNode last
                && (last.has("text") || last.has("inlineData"))
                && !last.has("thoughtSignature")) {
            last.put("thoughtSignature", payload);
        } else {
            parts.addObject().put("text", "").put("thoughtSignature", payload);
        }
    }

    private void call(Part.ToolCall call, ObjectNode written) {
        ObjectNode arguments = CustomTools.arguments(call);
        if (!call.custom() && Arguments.isWrapped(arguments, call.arguments())) {
            losses.add(Loss.Code.ARGUMENTS_WRAPPED, "messages.tool_calls");
        }
        String name = names.apply(call.name());
        ObjectNode inner = written.putObject("functionCall").put("name", name);
        if (target.takes().contains("call_ids")) {
            inner.put("id", target.ids().apply(call.id()));
        }
        inner.set("args", arguments);
        own(call.extra(), written, inner);
        open.put(call.id(), name);
        if (inner.has("id")) {
            ids.put(call.id(), inner.path("id").asString(""));
        }
    }

    /** Newer models want the first call of a step signed; for calls of other models Google documents a placeholder. */
    private void sign(ObjectNode written, @Nullable Opaque signature, boolean first) {
        if (signature != null && signature.family().equals(GeminiFormat.ID)) {
            written.put("thoughtSignature", signature.payload());
        } else if (first && target.thinking() != TargetProfile.Thinking.NONE) {
            losses.add(Loss.Code.SIGNATURE_PLACEHOLDER, "messages");
            written.put("thoughtSignature", Signatures.PLACEHOLDER);
        }
    }

    /** The answers to all open calls, in their order. */
    private void answer() {
        if (open.isEmpty() && answers.isEmpty()) {
            return;
        }
        losses.at(collected);
        ArrayNode parts = Json.array();
        List<ObjectNode> beside = new ArrayList<>();
        for (Map.Entry<String, String> call : open.entrySet()) {
            Part.ToolResult result = answers.remove(call.getKey());
            if (result == null) {
                throw ApiError.invalid("messages", "the call \"" + call.getKey() + "\" of a tool has no answer")
                        .exception();
            }
            result(call.getValue(), result, parts, beside);
            JsonNode last = parts.get(parts.size() - 1);
            own(result.extra(), (ObjectNode) last, (ObjectNode) last.get("functionResponse"));
            String id = ids.remove(call.getKey());
            if (id != null) {
                // the call's, whatever the answer came with
                ((ObjectNode) last.get("functionResponse")).put("id", id);
            }
        }
        if (!answers.isEmpty()) {
            throw ApiError.invalid(
                            "messages",
                            "the answer \"" + answers.keySet().iterator().next() + "\" belongs to no call of a tool")
                    .exception();
        }
        open = new LinkedHashMap<>();
        add("user", parts);
        if (!beside.isEmpty()) {
            ArrayNode pictures = Json.array();
            beside.forEach(pictures::add);
            add("user", pictures);
        }
    }

    private void result(String name, Part.ToolResult result, ArrayNode parts, List<ObjectNode> beside) {
        StringBuilder text = new StringBuilder();
        ArrayNode inside = Json.array();
        for (Part part : result.content()) {
            if (part instanceof Part.Text piece) {
                text.append(text.isEmpty() ? "" : "\n").append(piece.text());
                continue;
            }
            ArrayNode picture = Json.array();
            content.add(part, picture);
            if (picture.size() == 1 && picture.get(0).has("text")) {
                // a document that is nothing but text
                text.append(text.isEmpty() ? "" : "\n")
                        .append(picture.get(0).path("text").asString(""));
            } else {
                if (target.thinking() == TargetProfile.Thinking.LEVEL) {
                    // newer models take pictures in the answer itself, where nothing is said of how closely to look
                    picture.forEach(node -> {
                        if (((ObjectNode) node).remove("mediaResolution") != null) {
                            losses.add(Loss.Code.DETAIL_DROPPED, "messages.detail");
                        }
                    });
                    inside.addAll(picture);
                } else {
                    losses.add(Loss.Code.IMAGE_HOISTED, "messages.content");
                    picture.forEach(node -> beside.add((ObjectNode) node));
                }
            }
        }
        ObjectNode written = parts.addObject().putObject("functionResponse").put("name", name);
        ObjectNode response = written.putObject("response");
        if (!inside.isEmpty()) {
            written.set("parts", inside);
        }
        String said = text.toString();
        ObjectNode object = result.error() ? null : Arguments.read(said);
        if (result.error()) {
            response.put("error", said);
        } else if (object != null) {
            response.setAll(object);
        } else {
            response.put("output", said);
        }
    }

    /** What only this format knows goes back into it, some of it inside the call, or the answer of a call. */
    private static void own(Extra extra, ObjectNode part, ObjectNode inner) {
        extra.of(GeminiFormat.ID).forEach((name, value) -> {
            if (part.get(name) == inner) {
                value.properties().forEach(field -> inner.set(field.getKey(), field.getValue()));
            } else {
                part.set(name, value);
            }
        });
    }

    private void add(String role, ArrayNode parts) {
        if (parts.isEmpty()) {
            return;
        }
        ObjectNode last = contents.isEmpty() ? null : (ObjectNode) contents.get(contents.size() - 1);
        if (last != null && last.path("role").asString("").equals(role)) {
            ((ArrayNode) last.get("parts")).addAll(parts);
        } else {
            contents.addObject().put("role", role).set("parts", parts);
        }
    }
}
