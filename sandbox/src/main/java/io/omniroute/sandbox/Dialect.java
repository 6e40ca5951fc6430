package io.omniroute.sandbox;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A vendor's way to be asked and to answer. */
interface Dialect {

    /** Refuses what the vendor refuses, in the vendor's words. */
    void check(JsonNode request, String model);

    /** Whether the request asks for a thought before the answer. */
    default boolean thinks(JsonNode request) {
        return false;
    }

    /** What a good request asks for. */
    Asked asked(JsonNode request, String model);

    /** The whole answer. */
    String whole(Answer answer, boolean usage);

    /** The events of the answer, each with its lines and without the empty one that ends it, but for the terminator. */
    List<String> events(Answer answer, boolean usage, boolean finish);

    /** The event that ends every stream, or empty if there is none. */
    String terminator();

    /** An error's body. */
    String error(VendorError error);

    /** An error as an event. */
    String errorEvent(VendorError error);

    /** An event that is not JSON. */
    default String malformed() {
        return "data: {\"id\": \"chatcmpl-";
    }
}
