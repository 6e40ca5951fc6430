package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;

/** A provider's own search of the web, which not every model has. */
public final class WebSearches {

    private WebSearches() {}

    /**
     * Whether the target may be asked for its search; notes the loss where it may not, or where the search would go further than the
     * client's.
     *
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST where nothing but a search would do
     */
    public static boolean mayBeAsked(ChatRequest request, Tool.WebSearch search, TargetProfile target, Losses losses) {
        boolean functions = request.tools().stream().anyMatch(tool -> !(tool instanceof Tool.WebSearch));
        if (target.searches(functions) && !WebSearchOptions.of(search).isOfStoredPages()) {
            return true;
        }
        boolean forced = request.toolChoice() instanceof ToolChoice.Required && !functions;
        boolean named = request.toolChoice() instanceof ToolChoice.Hosted choice && choice.isSearch();
        if (forced || named) {
            throw losses.unsupported("tool_choice", "this model cannot search the web as it is asked to");
        }
        losses.add(Loss.Code.WEB_SEARCH_DROPPED, "tools");
        return false;
    }
}
