package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a turn of the model as one message: what it said and refused, its calls, and what it thought as far as the provider takes that
 * back.
 */
final class AssistantTurn {

    private final TargetProfile target;
    private final Losses losses;
    private final boolean own;
    private final UnaryOperator<String> names;

    /** @param own whether the conversation came in this format, whose own fields it may have */
    AssistantTurn(TargetProfile target, Losses losses, boolean own) {
        this.target = target;
        this.losses = losses;
        this.own = own;
        this.names = ToolNames.told(own, target.googleSignatures());
    }

    /** Adds the message, unless it says nothing and the provider takes no such message. */
    void write(Message turn, ArrayNode messages) {
        ObjectNode message = messages.addObject().put("role", "assistant");
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        ArrayNode calls = Json.array();
        ArrayNode details = Json.array();
        ArrayNode images = Json.array();
        String signature = "";
        String ofText = "";
        for (Part part : turn.parts()) {
            switch (part) {
                case Part.Text piece -> {
                    if (!calls.isEmpty() && !piece.text().isBlank()) {
                        losses.add(Loss.Code.BLOCK_ORDER_LOST, "messages");
                    }
                    text.append(piece.text());
                }
                case Part.Refusal piece ->
                    (own || target.takes().contains("refusal") ? refusal : text).append(piece.text());
                case Part.Thought piece
                when isDetails(piece.opaque()) ->
                    Json.read(Objects.requireNonNull(piece.opaque()).payload()).forEach(details::add);
                case Part.Thought piece
                when isSignature(piece.opaque(), Opaque.Kind.SIGNATURE) ->
                    signature = Objects.requireNonNull(piece.opaque()).payload();
                case Part.Thought piece
                when isSignature(piece.opaque(), Opaque.Kind.TEXT_SIGNATURE) ->
                    ofText = Objects.requireNonNull(piece.opaque()).payload();
                case Part.Thought piece -> thought(piece, thought);
                case Part.ToolCall call -> {
                    ObjectNode written = call(call);
                    sign(
                            written,
                            isSignature(call.opaque(), Opaque.Kind.SIGNATURE)
                                    ? Objects.requireNonNull(call.opaque()).payload()
                                    : signature);
                    signature = "";
                    calls.add(written);
                }
                case Part.Image image
                when own && image.media() instanceof Media.Inline inline ->
                    images.add(CompletionWriter.image(inline.mime(), inline.base64(), images.size()));
                case Part.Image image -> losses.add(Loss.Code.FIELD_DROPPED, "messages.content.image");
                case Part.Native raw when raw.format().equals(OpenAiChatFormat.ID) -> {
                    // an assistant's own parts of this format stay with the format
                }
                default -> losses.add(Loss.Code.FIELD_DROPPED, "messages.content");
            }
        }
        if (target.thinksInText() && !thought.isEmpty()) {
            text.insert(0, Thinking.inText(thought.toString()));
            thought.setLength(0);
        }
        if (text.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        if (!refusal.isEmpty()) {
            message.put("refusal", refusal.toString());
        }
        boolean field = !target.reasoningField().isEmpty() && !target.thinksInText();
        if (field
                && (!thought.isEmpty()
                        || (target.reasoningEcho() == TargetProfile.Echo.REQUIRED && !calls.isEmpty()))) {
            message.put(target.reasoningField(), thought.toString());
        }
        if (!details.isEmpty()) {
            message.set("reasoning_details", details);
        }
        if (!images.isEmpty()) {
            message.set("images", images);
        }
        sign(message, signature.isEmpty() ? ofText : signature);
        turn.extra().of(OpenAiChatFormat.ID).forEach(message::set);
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        } else if (text.isEmpty()
                && refusal.isEmpty()
                && !own
                && message.size() == 2
                && target.unsupported().contains("empty_assistant")) {
            messages.remove(messages.size() - 1);
        } else if (text.isEmpty() && refusal.isEmpty()) {
            message.put("content", "");
        }
    }

    private boolean isDetails(@Nullable Opaque opaque) {
        return opaque != null
                && opaque.family().equals(OpenAiChatFormat.ID)
                && opaque.kind() == Opaque.Kind.ENCRYPTED
                && target.reasoningEcho() != TargetProfile.Echo.FORBIDDEN
                && opaque.mayBeOf(target.provider());
    }

    /** Google's compatible endpoint wants back what it signed; others do not know the field. */
    private boolean isSignature(@Nullable Opaque opaque, Opaque.Kind kind) {
        return opaque != null
                && opaque.family().equals("gemini")
                && opaque.kind() == kind
                && (opaque.provider().equals(target.provider())
                        || (opaque.provider().isEmpty() && target.googleSignatures()));
    }

    private static void sign(ObjectNode signed, String signature) {
        if (!signature.isEmpty()) {
            signed.putObject("extra_content").putObject("google").put("thought_signature", signature);
        }
    }

    private void thought(Part.Thought piece, StringBuilder thought) {
        Opaque opaque = piece.opaque();
        boolean own = opaque != null && opaque.kind() == Opaque.Kind.PLAIN;
        boolean wanted = target.reasoningEcho() == TargetProfile.Echo.REQUIRED
                || (own && target.reasoningEcho() == TargetProfile.Echo.ALLOWED);
        if (wanted && !target.reasoningField().isEmpty()) {
            thought.append(piece.text());
        } else {
            losses.add(Loss.Code.REASONING_STRIPPED, "messages");
        }
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode written = Json.object().put("id", target.ids().apply(call.id()));
        call.extra().of(OpenAiChatFormat.ID).forEach(written::set);
        String name = names.apply(call.name());
        if (call.custom() && (own || target.takesCustomTools())) {
            written.put("type", "custom").putObject("custom").put("name", name).put("input", call.arguments());
        } else {
            written.put("type", "function")
                    .putObject("function")
                    .put("name", name)
                    .put("arguments", arguments(call));
        }
        return written;
    }

    private static String arguments(Part.ToolCall call) {
        if (call.custom()) {
            return Json.text(CustomTools.arguments(call));
        }
        return call.arguments().isBlank() ? "{}" : call.arguments();
    }
}
