package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.model.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A wire format, as clients speak it to the gateway and the gateway to providers. One stateless instance each, registered
 * in {@link ApiFormats}.
 */
public interface ApiFormat {

    /** The name in configuration, such as {@code openai-chat}. */
    String id();

    /** The header in which its clients look for a call's id. */
    default String requestIdHeader() {
        return "x-request-id";
    }

    /** Whether its answers can name documents that have no address as their sources. */
    default boolean citesDocuments() {
        return true;
    }

    /** Whether it shows thoughts that others hide, so that it is spoken first with clients who want to see them. */
    default boolean isFirstForThoughts() {
        return false;
    }

    /** Whether providers are asked in it; else it is for clients only. */
    default boolean isForProviders() {
        return true;
    }

    /** Whether its models sign calls of tools, and want the signatures back. */
    default boolean signsCalls() {
        return false;
    }

    /** Whether an assistant's turn at the end of a request is continued by the answer. */
    default boolean continuesAssistant() {
        return false;
    }

    /** Remembers an answer that a provider of this format may pause in; empty if none does. */
    default Optional<TurnRecorder> turnRecorder() {
        return Optional.empty();
    }

    /** A client's request as providers of other formats are told it, where it says something in a way that no other format has. */
    default ChatRequest told(ChatRequest request) {
        return request;
    }

    /** Whether a target's tools may take text instead of JSON. */
    default boolean takesCustomTools(TargetProfile target) {
        return false;
    }

    /** Which names parameters of functions may have; empty where there is no limit. */
    default Optional<Predicate<String>> parameterNames() {
        return Optional.empty();
    }

    /** The paths that its clients call, below {@code /v1}. */
    List<EndpointPath> endpoints();

    /** The operations that a provider of this format can be asked for, each with its codec. */
    Map<Operation, OperationCodec> codecs();

    /** How its conversations meet the canonical model. */
    ChatCodec chat();

    /** How failures look. */
    ErrorCodec errors();

    /** The request headers of its own, in lower case, that go from a client on to a provider of the same format. */
    Set<String> requestHeaders();

    /** Headers that a provider of this format requires, with what they say where the client said nothing. */
    default Map<String, String> requiredHeaders() {
        return Map.of();
    }

    /**
     * An answer, or the first event of one, in which whoever asked finds the name that it asked for. Most clients want to know who answered;
     * some take what another model has thought out of a conversation, and compare the names for that.
     *
     * @param asked as the client wrote it
     * @return the same array where nothing has to change
     */
    default byte[] named(byte[] answer, String asked) {
        return answer;
    }

    /** What is written after the last event of a complete stream, where the provider left it out. */
    byte[] streamTerminator();

    /**
     * What a stream ends with that has failed after others of its events had left.
     *
     * @param id of the answer, as its stream has said it; may be empty
     * @param model of the answer; may be empty
     * @param events how many have left
     */
    default byte[] failedStream(ApiError error, String id, String model, int events) {
        return errors().renderInStream(error);
    }

    /** Whether its clients read over comments between events. */
    default boolean takesComments() {
        return true;
    }

    /** An event that says nothing; a comment where the format has none of its own. */
    default byte[] heartbeat() {
        return ": ping\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether a stream is sent as one JSON array instead of events.
     *
     * @param alt what the query says under {@code alt}
     */
    default boolean streamsAsArray(@Nullable String alt) {
        return false;
    }

    /** What clients of this format call a field that the canonical request calls so. */
    default String nameOf(String field) {
        return field;
    }

    /** The usual way to authenticate at a provider of this format. */
    UpstreamAuthStyle authentication();

    /** How a format's providers take a credential. */
    enum UpstreamAuthStyle {
        /** {@code Authorization: Bearer}. */
        BEARER,
        /** {@code x-api-key}. */
        X_API_KEY,
        /** {@code x-goog-api-key}. */
        X_GOOG_API_KEY
    }
}
