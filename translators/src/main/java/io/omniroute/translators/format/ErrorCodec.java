package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How a format says that something failed. Stateless and safe to share. */
public interface ErrorCodec {

    /** The body that a client of this format gets. */
    byte[] render(ApiError error);

    /**
     * The same for a call that is known by an id, where the format has a place for it.
     *
     * @param requestId what the client knows the call by
     */
    default byte[] render(ApiError error, String requestId) {
        return render(error);
    }

    /** The HTTP status that a client of this format gets. */
    default int status(ApiError error) {
        return error.kind().status();
    }

    /** The event that ends a stream which had begun. */
    byte[] renderInStream(ApiError error);

    /**
     * The writes that tell a client of a failure in the middle of its stream, for clients that do not look for it in an event.
     *
     * @param event what {@link #renderInStream} or an encoder made of the error
     */
    default List<byte[]> apart(byte[] event, ApiError error) {
        return List.of(event);
    }

    /**
     * What a provider's error answer means. Nothing that belongs to the gateway's account (organisation, limits,
     * credential) survives into the message.
     *
     * @param headers the first value of a response header by its lower-case name, or {@code null}
     */
    ApiError decode(int status, UnaryOperator<@Nullable String> headers, byte[] body, Instant now);
}
