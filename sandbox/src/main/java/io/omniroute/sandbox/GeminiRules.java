package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What Google refuses of a request, in its own words. */
final class GeminiRules {

    private static final Set<String> FIELDS = Set.of(
            "contents",
            "model",
            "systemInstruction",
            "tools",
            "toolConfig",
            "generationConfig",
            "safetySettings",
            "cachedContent",
            "labels",
            "serviceTier");

    private static final Set<String> SCHEMA_WORDS = Set.of(
            "type",
            "format",
            "title",
            "description",
            "nullable",
            "enum",
            "items",
            "maxItems",
            "minItems",
            "properties",
            "required",
            "minProperties",
            "maxProperties",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "example",
            "anyOf",
            "propertyOrdering",
            "default");

    private static final Set<String> LEVELS = Set.of("MINIMAL", "LOW", "MEDIUM", "HIGH");
    private static final Pattern OLDER = Pattern.compile("gemini-[12]");

    private static final Set<String> SIGNATURES = Set.of(GeminiDialect.SIGNATURE, "skip_thought_signature_validator");

    private GeminiRules() {}

    static void check(JsonNode request, String model) {
        for (String name : request.propertyNames()) {
            require(FIELDS.contains(name), "Invalid JSON payload received. Unknown name \"" + name + "\"");
        }
        JsonNode contents = request.path("contents");
        require(
                contents.isArray() && !contents.isEmpty(),
                "* GenerateContentRequest.contents: contents is not specified");
        contents(contents);
        int declarations = 0;
        boolean builtIn = false;
        for (JsonNode tool : request.path("tools")) {
            declarations += tool.hasNonNull("functionDeclarations") ? 1 : 0;
            builtIn |= tool.hasNonNull("googleSearch");
            for (JsonNode function : tool.path("functionDeclarations")) {
                require(
                        function.path("name").asString("").matches("[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}"),
                        "* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name");
                schema(function.path("parameters"));
                require(
                        !(function.hasNonNull("parameters") && function.hasNonNull("parametersJsonSchema")),
                        "parameters and parametersJsonSchema must not both be set");
                reference(function.path("parametersJsonSchema"));
            }
        }
        require(
                declarations == 0 || !builtIn,
                "Built-in tools ({google_search}) and Function Calling cannot be combined in the same request.");
        require(declarations <= 1, "Multiple tools with function declarations are not supported");
        JsonNode config = request.path("generationConfig");
        schema(config.path("responseSchema"));
        reference(config.path("responseJsonSchema"));
        boolean bound = config.hasNonNull("responseSchema") || config.hasNonNull("responseJsonSchema");
        require(
                !(bound && declarations > 0 && OLDER.matcher(model).find()),
                "Function calling with a response mime type: 'application/json' is unsupported");
        require(
                !(config.hasNonNull("responseMimeType")
                        && request.at("/toolConfig/functionCallingConfig/mode")
                                .asString("")
                                .equals("ANY")),
                "Forced function calling (ANY mode) with a response mime type: 'application/json' is unsupported");
        JsonNode thinking = config.path("thinkingConfig");
        require(
                !(thinking.path("includeThoughts").asBoolean(false)
                        && thinking.path("thinkingBudget").asLong(-1) == 0),
                "include_thoughts is only enabled when thinking is enabled.");
        require(
                !(thinking.hasNonNull("thinkingBudget") && thinking.hasNonNull("thinkingLevel")),
                "You can only set one of thinking budget and thinking level.");
        require(
                !thinking.hasNonNull("thinkingLevel")
                        || LEVELS.contains(thinking.path("thinkingLevel").asString("")),
                "Invalid value at 'generation_config.thinking_config.thinking_level'");
    }

    /** A reference of JSON Schema stands alone. */
    private static void reference(JsonNode schema) {
        if (schema.has("$ref")) {
            for (String word : schema.propertyNames()) {
                require(word.startsWith("$"), "$ref must not have siblings: " + word);
            }
        }
        schema.path("properties").forEach(GeminiRules::reference);
        schema.path("$defs").forEach(GeminiRules::reference);
        schema.path("items").forEach(GeminiRules::reference);
    }

    private static void contents(JsonNode contents) {
        List<String> calls = List.of();
        List<String> ids = List.of();
        String before = "";
        for (JsonNode content : contents) {
            String role = content.path("role").asString("user");
            require(role.equals("user") || role.equals("model"), "Please use a valid role: user, model.");
            require(
                    !before.isEmpty()
                            || role.equals("user")
                            || content.path("parts").valueStream().noneMatch(part -> part.has("functionCall")),
                    "Please ensure that function call turn comes immediately after a user turn or after a function response"
                            + " turn.");
            require(!role.equals(before), "Please ensure that multiturn requests alternate between user and model.");
            before = role;
            JsonNode parts = content.path("parts");
            require(!parts.isEmpty(), "* GenerateContentRequest.contents.parts: contents.parts must not be empty.");
            List<String> answers = new ArrayList<>();
            List<String> asked = new ArrayList<>();
            List<String> given = new ArrayList<>();
            for (JsonNode part : parts) {
                JsonNode call = part.path("functionCall");
                if (call.isObject()) {
                    boolean first = asked.isEmpty();
                    asked.add(call.path("name").asString(""));
                    given.add(call.path("id").asString(""));
                    require(call.path("args").isObject() || !call.has("args"), "Invalid value at 'args'");
                    String signature = part.path("thoughtSignature").asString("");
                    require(
                            !first || SIGNATURES.contains(signature),
                            "Function call is missing a thought_signature in functionCall parts.");
                }
                JsonNode answer = part.path("functionResponse");
                if (answer.isObject()) {
                    answers.add(answer.path("name").asString(""));
                    int at = answers.size() - 1;
                    String id = answer.path("id").asString("");
                    require(
                            at >= ids.size() || id.isEmpty() || ids.get(at).equals(id),
                            "functionResponse.id does not match functionCall.id.");
                    require(
                            answer.path("response").isObject(),
                            "* GenerateContentRequest.contents.parts.function_response.response: must be an object");
                    require(
                            !answer.path("name").asString("").isEmpty(),
                            "* GenerateContentRequest.contents.parts.function_response.name: Name cannot be empty.");
                }
            }
            require(
                    answers.size() == calls.size(),
                    "Please ensure that the number of function response parts is equal to the number of function call"
                            + " parts of the function call turn.");
            require(
                    answers.equals(calls),
                    "Please ensure that function response turn comes immediately after a function call turn.");
            calls = asked;
            ids = given;
        }
        require(
                calls.isEmpty(),
                "Please ensure that function response turn comes immediately after a function call turn.");
    }

    private static void schema(JsonNode schema) {
        if (!schema.isObject()) {
            return;
        }
        for (String word : schema.propertyNames()) {
            require(SCHEMA_WORDS.contains(word), "Invalid JSON payload received. Unknown name \"" + word + "\"");
        }
        schema.path("properties").forEach(GeminiRules::schema);
        schema.path("anyOf").forEach(GeminiRules::schema);
        schema(schema.path("items"));
        require(
                !schema.path("type").asString("").equalsIgnoreCase("array") || schema.has("items"),
                "* GenerateContentRequest: items: missing field.");
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw new Refusal(VendorError.invalid(null, message));
        }
    }
}
