package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What clients of OpenAI's formats say of the cache of their prompts. It changes what a call costs, never what is answered. */
public final class CacheHints {

    private static final Set<String> NAMES = Set.of("prompt_cache_key", "prompt_cache_retention");

    private CacheHints() {}

    /** Whether a field is such a hint. */
    public static boolean isHint(String field) {
        return NAMES.contains(field);
    }

    /** Writes them where they are known, and notes them where they are not. */
    public static void write(ChatRequest request, boolean known, ObjectNode body, Losses losses) {
        request.extra().fields().forEach((name, value) -> {
            if (!isHint(name)) {
                return;
            }
            if (known) {
                body.set(name, value);
            } else {
                losses.add(Loss.Code.CACHE_HINT_DROPPED, name);
            }
        });
    }

    /** Notes the fields of another format that nobody has read. */
    public static void lose(ChatRequest request, Losses losses) {
        request.extra().fields().keySet().stream()
                .filter(name -> !isHint(name))
                .forEach(name -> losses.add(Loss.Code.FIELD_DROPPED, name));
    }
}
