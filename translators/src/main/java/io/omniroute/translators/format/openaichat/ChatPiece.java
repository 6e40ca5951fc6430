package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.PartKind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one chunk, or the whole message, says of a part of a candidate.
 *
 * @param text what is added to it
 * @param toolIndex for a tool call its place among the calls, or {@code null} where the provider does not say
 * @param source where a piece of the text comes from, and nothing else
 * @param details reasoning as its provider wants it back, and nothing else
 * @param signature Google's signature of a call, or of the message
 */
record ChatPiece(
        PartKind kind,
        String text,
        @Nullable Integer toolIndex,
        @Nullable String id,
        @Nullable String name,
        @Nullable Annotation source,
        @Nullable JsonNode details,
        String signature) {

    static ChatPiece text(PartKind kind, String text) {
        return new ChatPiece(kind, text, null, null, null, null, null, "");
    }

    static ChatPiece call(int index, @Nullable String id, @Nullable String name, String arguments, String signature) {
        return new ChatPiece(PartKind.TOOL_CALL, arguments, index, id, name, null, null, signature);
    }

    static ChatPiece image(String mime, String data) {
        return new ChatPiece(PartKind.IMAGE, data, null, null, mime, null, null, "");
    }

    static ChatPiece details(JsonNode details) {
        return new ChatPiece(PartKind.REASONING, "", null, null, null, null, details, "");
    }

    static ChatPiece signature(String signature) {
        return new ChatPiece(PartKind.REDACTED_REASONING, "", null, null, null, null, null, signature);
    }

    static ChatPiece source(Annotation source) {
        return new ChatPiece(PartKind.TEXT, "", null, null, null, source, null, "");
    }
}
