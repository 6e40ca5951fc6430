package io.omniroute.filters.call;

import org.springframework.http.HttpHeaders;

/** What becomes of a conversation before anybody looks up what it asks for. Thread-safe; must not block. */
@FunctionalInterface
public interface CallShaper {

    /** Leaves calls as they are. */
    CallShaper NONE = (call, headers) -> call;

    /**
     * The call as it goes on; itself if nothing has become of it.
     *
     * @param headers of the client
     */
    Call shaped(Call call, HttpHeaders headers);
}
