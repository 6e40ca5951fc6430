package io.omniroute.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Vectors of length one that depend on the text alone. */
final class EmbeddingsAnswer {

    private static final int USUAL_DIMENSIONS = 64;

    private EmbeddingsAnswer() {}

    static void check(JsonNode request) {
        ChatRules.requireModel(request);
        JsonNode input = request.path("input");
        boolean text = input.isString() && !input.asString().isEmpty();
        if (!text && (!input.isArray() || input.isEmpty())) {
            throw new Refusal(VendorError.invalid("input", "'$.input' is invalid."));
        }
        ChatRules.range(request, "dimensions", 1, 4096);
    }

    static long tokens(JsonNode request) {
        return inputs(request.path("input")).stream().mapToLong(Answer::tokens).sum();
    }

    static String to(JsonNode request, boolean usage) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("object", "list");
        ArrayNode data = root.putArray("data");
        int dimensions = request.path("dimensions").asInt(USUAL_DIMENSIONS);
        boolean base64 = request.path("encoding_format").asString("float").equals("base64");
        List<String> inputs = inputs(request.path("input"));
        for (int i = 0; i < inputs.size(); i++) {
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", i);
            float[] vector = vector(inputs.get(i), dimensions);
            if (base64) {
                entry.put("embedding", base64(vector));
            } else {
                ArrayNode numbers = entry.putArray("embedding");
                for (float number : vector) {
                    numbers.add(number);
                }
            }
        }
        root.put("model", request.path("model").asString(""));
        if (usage) {
            root.putObject("usage").put("prompt_tokens", tokens(request)).put("total_tokens", tokens(request));
        }
        return root.toString();
    }

    private static List<String> inputs(JsonNode input) {
        if (input.isString()) {
            return List.of(input.asString());
        }
        if (!input.isEmpty() && input.get(0).isNumber()) {
            return List.of(input.toString());
        }
        List<String> all = new ArrayList<>();
        input.forEach(entry -> all.add(entry.isString() ? entry.asString() : entry.toString()));
        return all;
    }

    private static float[] vector(String text, int dimensions) {
        Random random = new Random(text.hashCode());
        float[] vector = new float[dimensions];
        double square = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
