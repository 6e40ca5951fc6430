package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a format's conversations meet the canonical model. Reading an answer is the business of the {@link OperationCodec}; this is
 * the rest. Stateless and safe to share.
 */
public interface ChatCodec {

    /**
     * Reads a client's request.
     *
     * @param endpoint what the path said of it
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST naming the field
     */
    ChatRequest decode(byte[] body, Endpoint endpoint, CarrierSeal seal);

    /**
     * The request for a provider of this format; the same request always gives the same bytes.
     *
     * @param losses takes what the format cannot say
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST naming what must not be lost
     */
    byte[] encode(ChatRequest request, TargetProfile target, Losses losses);

    /** A whole answer, for a client of this format. */
    byte[] encodeAnswer(ChatAnswer answer, AnswerContext context);

    /** The conversation whose tokens a client asks to be counted, as a request to go on with it. */
    default byte[] counted(byte[] request) {
        return request;
    }

    /**
     * The request to count the tokens of a conversation, for a provider of this format.
     *
     * @param conversation as {@link #encode} has written it
     */
    default byte[] encodeCountRequest(byte[] conversation, TargetProfile target) {
        throw new IllegalStateException("providers of this format do not count");
    }

    /**
     * The request to make a conversation shorter, for a provider of this format.
     *
     * @param conversation as {@link #encode} has written it
     */
    default byte[] encodeCompactRequest(byte[] conversation) {
        throw new IllegalStateException("providers of this format make nothing shorter");
    }

    /** How many tokens a conversation has, for a client that asked for just that. */
    default byte[] encodeCount(long tokens) {
        return Json.bytes(Json.object().put("input_tokens", tokens));
    }

    /** Adds a turn of the user's to the end of a request. */
    void addTurn(ObjectNode request, String text);

    /** Adds a turn of the model's to the end of a request. */
    void addAnswer(ObjectNode request, String text);

    /** The fields of a request that are about its own answer, or let the model do more than answer. */
    Set<String> ownFields();

    /** The fields of a request that say how much the model is to think, which a model that does not may refuse. */
    default Set<String> thinkingFields() {
        return Set.of();
    }

    /** Whether an answer is kept unless the request says otherwise, in {@code store}. */
    default boolean keepsAnswers() {
        return false;
    }

    /** Headers that go with a request written for this target, by their names in lower case, beside those of the format. */
    default Map<String, String> headers(ChatRequest request, TargetProfile target) {
        return Map.of();
    }

    /** Writes the stream of one answer, for a client of this format. */
    StreamEncoder streamEncoder(AnswerContext context);
}
