package io.omniroute.translators.format;

import java.util.Locale;
import java.util.Set;

/**
 * Where a format's requests name what a provider keeps.
 *
 * @param ids fields whose texts are names of such things
 * @param addresses fields whose texts are addresses, which may be of such things
 * @param writtenFreely fields in which a model, a tool or the client has written what it likes, which names nothing; and those that only say
 *     where something came from
 */
public record KeptFields(Set<String> ids, Set<String> addresses, Set<String> writtenFreely) {

    /** The formats of OpenAI and Anthropic, with what other vendors have put into them. */
    static final KeptFields COMMON = new KeptFields(
            Set.of(
                    "file_id",
                    "file_ids",
                    "container_id",
                    "vector_store_ids",
                    "collection_ids",
                    "knowledge_id",
                    "cached_content",
                    "cachedContent"),
            Set.of(),
            Set.of(
                    "arguments",
                    "input",
                    "parameters",
                    "input_schema",
                    "input_examples",
                    "schema",
                    "json_schema",
                    "annotations",
                    "citations",
                    "results"));

    /** Whether an address is one of a file of the credential's project, or in a bucket that the credential may read. */
    public static boolean isGoogles(String address) {
        String plain = address.strip().toLowerCase(Locale.ROOT);
        return plain.contains("generativelanguage.googleapis.com")
                || plain.startsWith("gs://")
                || plain.startsWith("files/");
    }
}
