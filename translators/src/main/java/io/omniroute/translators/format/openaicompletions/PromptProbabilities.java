package io.omniroute.translators.format.openaicompletions;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.TokenProbability;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How likely tokens were, as the legacy endpoint writes it: lists beside each other. */
final class PromptProbabilities {

    private PromptProbabilities() {}

    /**
     * The lists; JSON's null without tokens.
     *
     * @param offset where the first token begins in the text
     */
    static JsonNode of(List<TokenProbability> likely, int offset) {
        if (likely.isEmpty()) {
            return Json.nothing();
        }
        ObjectNode lists = Json.object();
        ArrayNode tokens = lists.putArray("tokens");
        ArrayNode logprobs = lists.putArray("token_logprobs");
        ArrayNode top = lists.putArray("top_logprobs");
        ArrayNode offsets = lists.putArray("text_offset");
        int at = offset;
        for (TokenProbability token : likely) {
            tokens.add(token.token());
            logprobs.add(token.logprob());
            ObjectNode others = top.addObject();
            token.alternatives().forEach(other -> others.set(other.token(), other.logprob()));
            offsets.add(at);
            at += token.token().length();
        }
        return lists;
    }
}
