package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.CarrierSeal;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** The citations of earlier answers. Anthropic refuses those that it did not make. */
final class Citations {

    private static final String FIELD = "citations";

    private Citations() {}

    /** Takes out what was cited by another provider and only shown as Anthropic's. */
    static void keepOwn(Map<String, JsonNode> block) {
        if (!(block.get(FIELD) instanceof ArrayNode all)) {
            return;
        }
        ArrayNode own = all.arrayNode();
        all.forEach(citation -> {
            if (!citation.path("encrypted_index").asString("").startsWith(CarrierSeal.PREFIX)) {
                own.add(citation);
            }
        });
        if (own.isEmpty() && !all.isEmpty()) {
            block.remove(FIELD);
        } else {
            block.put(FIELD, own);
        }
    }
}
