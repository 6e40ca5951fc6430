package io.omniroute.translators.model;

/** Where an image, a document or a sound is. */
public sealed interface Media {

    /**
     * Inside the request.
     *
     * @param mime its type, such as {@code image/png}
     * @param base64 exactly as the client encoded it
     */
    record Inline(String mime, String base64) implements Media {}

    /**
     * At an address that the provider fetches.
     *
     * @param mime its type, empty if the client did not say
     */
    record Remote(String mime, String url) implements Media {}

    /** A file that a provider keeps, by that provider's id. */
    record Stored(String family, String id) implements Media {}
}
