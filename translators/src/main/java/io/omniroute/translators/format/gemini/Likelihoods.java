package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.TokenProbability;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How likely tokens were, as Google writes it: the chosen ones, and beside them the likeliest in their places. */
final class Likelihoods {

    private Likelihoods() {}

    static List<TokenProbability> read(JsonNode result) {
        List<TokenProbability> tokens = new ArrayList<>();
        int place = 0;
        for (JsonNode chosen : result.path("chosenCandidates")) {
            List<TokenProbability> others = new ArrayList<>();
            for (JsonNode other : result.path("topCandidates").path(place++).path("candidates")) {
                others.add(token(other, List.of()));
            }
            tokens.add(token(chosen, others));
        }
        return tokens;
    }

    static ObjectNode written(List<TokenProbability> tokens) {
        ObjectNode result = Json.object();
        ArrayNode chosen = result.putArray("chosenCandidates");
        ArrayNode top = Json.array();
        for (TokenProbability token : tokens) {
            chosen.add(entry(token));
            ArrayNode others = top.addObject().putArray("candidates");
            token.alternatives().forEach(other -> others.add(entry(other)));
        }
        if (tokens.stream().anyMatch(token -> !token.alternatives().isEmpty())) {
            result.set("topCandidates", top);
        }
        return result;
    }

    private static TokenProbability token(JsonNode entry, List<TokenProbability> others) {
        return new TokenProbability(entry.path("token").asString(""), entry.path("logProbability"), null, others);
    }

    private static ObjectNode entry(TokenProbability token) {
        ObjectNode entry = Json.object().put("token", token.token());
        entry.set("logProbability", token.logprob());
        return entry;
    }
}
