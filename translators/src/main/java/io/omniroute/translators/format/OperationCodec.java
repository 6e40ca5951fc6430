package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** How one operation reads and edits in one format. Stateless and safe to share. */
public interface OperationCodec {

    /**
     * The operation's path below a provider's base URL, such as {@code /chat/completions}.
     *
     * @param model what the provider calls the model, for formats that have it in the path
     * @param stream whether the answer is to be streamed, for formats that have that in the path
     */
    String path(String model, boolean stream);

    /**
     * Reads what the gateway must know of a request, in one pass.
     *
     * @param endpoint what the path said of it
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST naming the field, if the body is not a valid
     *     request of this operation
     */
    RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits);

    /**
     * What a provider of the same format gets otherwise than the client has written it: the model and, in a stream, the request for
     * usage. Every other byte is the client's.
     *
     * @param model what the provider calls the model
     * @param askUsage whether the provider accepts being asked for usage in a stream
     */
    List<Edit> edits(RequestHead head, String model, boolean askUsage);

    /**
     * Reads a whole answer as the events that a stream of it would give. An answer that is cut, is not JSON or is an
     * error in disguise gives a {@link StreamEvent.Failure}.
     */
    void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink);

    /** A decoder for the stream that answers this request. */
    StreamDecoder streamDecoder(RequestHead head, JsonLimits limits);

    /**
     * The body without the tools of a provider's own that {@link RequestHead#hostedTools} names.
     *
     * @throws io.omniroute.translators.error.ApiException PERMISSION_DENIED if the model is told to use one of them
     */
    default byte[] withoutHostedTools(byte[] body) {
        return body;
    }

    /** How answers of this operation name what the provider keeps. */
    default HandedOut handedOut() {
        return HandedOut.NOTHING;
    }

    /** How requests of this operation refer to earlier answers; empty if they do not. */
    default Optional<ConversationCodec> conversation() {
        return Optional.empty();
    }
}
