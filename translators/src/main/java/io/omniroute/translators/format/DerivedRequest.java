package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import tools.jackson.databind.node.ObjectNode;

/** Requests that the gateway makes of a client's, in the client's format. Not for the hot path: bodies are written anew. */
public final class DerivedRequest {

    private static final String MODEL = "model";
    private static final String LIMIT = "max_tokens";
    private static final int NOTE_TOKENS = 800;
    private static final String GO_ON =
            "Your answer above was cut off in the middle. Go on exactly where it ends, with the very next"
                    + " character. Repeat nothing of it, begin nothing anew, and do not mention the interruption.";

    private DerivedRequest() {}

    /**
     * A request of the same conversation that another model answers at once and by itself: whole, once, and without tools.
     *
     * @param model the other model
     * @param turn what the user says after the conversation; nothing if empty
     */
    public static byte[] child(ChatCodec codec, byte[] request, String model, String turn) {
        ObjectNode body = Json.requestObject(request);
        codec.ownFields().forEach(body::remove);
        if (codec.keepsAnswers()) {
            body.put("store", false);
        }
        if (body.has(MODEL)) {
            body.put(MODEL, model);
        }
        return turned(codec, body, turn);
    }

    /**
     * A request of its own about a conversation, which says nothing but this.
     *
     * @param model whom it is for
     */
    public static byte[] about(ChatCodec codec, byte[] request, String model, String text) {
        ObjectNode conversation = Json.requestObject(request);
        ObjectNode body = Json.object();
        if (conversation.has(MODEL)) {
            body.put(MODEL, model);
        }
        if (conversation.has(LIMIT)) {
            body.put(LIMIT, NOTE_TOKENS);
        }
        if (codec.keepsAnswers()) {
            body.put("store", false);
        }
        return turned(codec, body, text);
    }

    /**
     * A request to go on with an answer that was cut off, by another model.
     *
     * @param model the other model
     * @param said the answer so far
     */
    public static byte[] continuing(ChatCodec codec, byte[] request, String model, String said) {
        ObjectNode body = Json.requestObject(request);
        if (codec.keepsAnswers()) {
            body.put("store", false);
        }
        if (body.has(MODEL)) {
            body.put(MODEL, model);
        }
        codec.addAnswer(body, said);
        return turned(codec, body, GO_ON);
    }

    /** The request with a further turn of the user's. */
    public static byte[] asking(ChatCodec codec, byte[] request, String turn) {
        return turned(codec, Json.requestObject(request), turn);
    }

    private static byte[] turned(ChatCodec codec, ObjectNode body, String turn) {
        if (!turn.isEmpty()) {
            codec.addTurn(body, turn);
        }
        return Json.bytes(body);
    }
}
