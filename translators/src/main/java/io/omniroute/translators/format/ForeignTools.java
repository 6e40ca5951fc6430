package io.omniroute.translators.format;

import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Tool;

/** Tools that another vendor runs. */
public final class ForeignTools {

    /** Looks for functions among those that the request brings, unless the client looks itself; who cannot look for them sees them all. */
    private static final String SEARCH = "tool_search";

    private ForeignTools() {}

    /**
     * Leaves one out, if nothing is missing then.
     *
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if it does what nothing else does
     */
    public static void leaveOut(Tool.Hosted tool, Losses losses) {
        boolean byClient = tool.raw().path("execution").asString("").equals("client");
        if (!tool.kind().startsWith(SEARCH) || byClient) {
            throw losses.unsupported("tools", "this provider has no tool \"" + tool.kind() + "\"");
        }
        losses.add(Loss.Code.FIELD_DROPPED, "tools");
    }
}
