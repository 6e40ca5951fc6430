package io.omniroute.sandbox;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An error as OpenAI writes it, with the account's details that a gateway must not pass on. */
record VendorError(
        int status,
        String message,
        String type,
        @Nullable String param,
        @Nullable String code) {

    static VendorError invalid(@Nullable String param, String message) {
        return new VendorError(400, message, "invalid_request_error", param, null);
    }

    static VendorError tooLong() {
        return new VendorError(
                400,
                "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
                "invalid_request_error",
                "messages",
                "context_length_exceeded");
    }

    static VendorError ofStatus(int status) {
        return switch (status) {
            case 400 -> invalid(null, "The request was refused by org-SANDBOX1234567890.");
            case 401 -> unauthorized("sk-sand*****box1");
            case 402 -> new VendorError(402, "You have no credit left.", "billing_error", null, "payment_required");
            case 403 ->
                new VendorError(403, "Project proj_SANDBOX123 may not use this model.", "permission_error", null, null);
            case 404 -> missing("the-model");
            case 429 ->
                new VendorError(
                        429,
                        "Rate limit reached for the-model in organization org-SANDBOX1234567890 on tokens per min (TPM):"
                                + " Limit 30000, Used 29999, Requested 20.",
                        "tokens",
                        null,
                        "rate_limit_exceeded");
            case 503, 529 ->
                new VendorError(status, "The engine is currently overloaded.", "service_unavailable", null, null);
            default ->
                status >= 500
                        ? new VendorError(
                                status,
                                "The server had an error at /srv/app/engine.py while processing your request.",
                                "server_error",
                                null,
                                null)
                        : new VendorError(status, "The request was refused.", "invalid_request_error", null, null);
        };
    }

    static VendorError unauthorized(String shown) {
        return new VendorError(
                401, "Incorrect API key provided: " + shown + ".", "invalid_request_error", null, "invalid_api_key");
    }

    static VendorError missing(String model) {
        return new VendorError(
                404,
                "The model `" + model + "` does not exist or you do not have access to it.",
                "invalid_request_error",
                null,
                "model_not_found");
    }

    String json() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ObjectNode error = root.putObject("error");
        error.put("message", message);
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        return root.toString();
    }
}
