package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import java.util.HashSet;
import java.util.Set;

/** Calls of tools and the answers to them. */
final class ToolPairs {

    private ToolPairs() {}

    /**
     * Looks whether every answer has a call before it. What no provider would take is refused here, in the words of the client's format.
     *
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST naming the answer that has none
     */
    static void require(ChatRequest request) {
        Set<String> called = new HashSet<>();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    called.add(call.id());
                } else if (part instanceof Part.ToolResult result && !called.contains(result.callId())) {
                    throw ApiError.invalid(
                                    message.place().isEmpty() ? "messages" : message.place(),
                                    "the answer \"" + result.callId() + "\" belongs to no call of a tool")
                            .exception();
                }
            }
        }
    }
}
