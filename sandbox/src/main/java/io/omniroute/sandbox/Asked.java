package io.omniroute.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request asks for, in no format any more.
 *
 * @param toolNamed the one tool that must be called, or empty
 * @param answered whether the last turn is a tool's answer
 * @param rounds how many turns of the model have called tools
 * @param schema what the answer must look like, or {@code null}
 * @param prompt all that counts as input
 * @param likelihoods whether it wants to know how likely the answer's tokens are
 * @param stored whether the provider is to keep the answer
 * @param searches how often the provider has searched the web in the turn that it is to go on with; -1 if it may not search
 */
record Asked(
        String model,
        int choices,
        List<Tool> tools,
        boolean toolsForbidden,
        String toolNamed,
        boolean answered,
        int rounds,
        String lastText,
        @Nullable JsonNode schema,
        boolean anyJson,
        String prompt,
        boolean likelihoods,
        boolean stored,
        int searches) {

    /** A function that may be called. */
    record Tool(String name, JsonNode schema) {}
}
