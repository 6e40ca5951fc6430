package io.omniroute.sandbox;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's way to make a conversation shorter: what it says is answered by an item that only OpenAI can read. */
final class CompactionDialect implements Dialect {

    static final String PATH = "/v1/responses/compact";

    /** What is told of a whole answer, and of no compaction. */
    private static final List<String> NOT_TAKEN = List.of("store", "stream", "background", "include", "metadata");

    private final Dialect responses;

    CompactionDialect(Dialect responses) {
        this.responses = responses;
    }

    @Override
    public void check(JsonNode request, String model) {
        for (String field : NOT_TAKEN) {
            if (request.has(field)) {
                throw new Refusal(VendorError.invalid(field, "Unknown parameter: '" + field + "'."));
            }
        }
        responses.check(request, model);
    }

    @Override
    public Asked asked(JsonNode request, String model) {
        return responses.asked(request, model);
    }

    @Override
    public String whole(Answer answer, boolean usage) {
        ObjectNode compaction = (ObjectNode) JsonMapper.shared().readTree(responses.whole(answer, usage));
        compaction.put("object", "response.compaction");
        compaction.remove(List.of("status", "error", "incomplete_details", "model", "store"));
        compaction
                .putArray("output")
                .addObject()
                .put("id", "cmp_" + answer.id())
                .put("type", "compaction")
                .put("encrypted_content", "gAAAAsaid-" + answer.text().hashCode());
        return compaction.toString();
    }

    @Override
    public List<String> events(Answer answer, boolean usage, boolean finish) {
        throw new IllegalStateException("a compaction is never streamed");
    }

    @Override
    public String terminator() {
        return responses.terminator();
    }

    @Override
    public String error(VendorError error) {
        return responses.error(error);
    }

    @Override
    public String errorEvent(VendorError error) {
        return responses.errorEvent(error);
    }
}
