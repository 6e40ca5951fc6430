package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Tool;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The names of a request's tools in a format with a smaller alphabet: letters, digits, {@code _} and {@code -}, at most 64. A
 * name that does not fit gets another with a hash of itself, and the answer's names are turned back. Depends on the request
 * alone.
 */
public final class ToolNames {

    private static final int LONGEST = 64;
    private static final int HASH = 8;

    private final Map<String, String> original = new HashMap<>();

    /** The names that a request uses, in its tools and its history. */
    public static ToolNames of(ChatRequest request) {
        ToolNames names = new ToolNames();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> names.learn(function.name());
                case Tool.Custom custom -> names.learn(custom.name());
                case Tool.WebSearch search -> {
                    // has no name of the client's
                }
                case Tool.Hosted hosted -> {
                    // has no name of the client's
                }
            }
        }
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    names.learn(call.name());
                }
            }
        }
        return names;
    }

    /**
     * How names are told.
     *
     * @param own whether the request came in the target's format: then its names are between the two
     * @param google whether the target is Google, whose names begin with a letter or {@code _}
     */
    public static UnaryOperator<String> told(boolean own, boolean google) {
        if (own) {
            return UnaryOperator.identity();
        }
        return google ? ToolNames::google : ToolNames::shown;
    }

    private static String shown(String name) {
        return fits(name) ? name : replacement(name);
    }

    /** The client's name for one that the target used. */
    public String original(String shown) {
        return original.getOrDefault(shown, shown);
    }

    private static String google(String name) {
        return fits(name) && isFirst(name.charAt(0)) ? name : replacement(name);
    }

    private void learn(String name) {
        if (!google(name).equals(name)) {
            original.put(replacement(name), name);
        }
    }

    private static boolean fits(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String replacement(String name) {
        StringBuilder clean = new StringBuilder(!name.isEmpty() && isFirst(name.charAt(0)) ? "" : "_");
        name.chars()
                .limit(LONGEST - HASH - 1L - clean.length())
                .forEach(c -> clean.append(isAllowed(c) ? (char) c : '_'));
        return clean.append('_').append(IdRule.derived(name, "", HASH)).toString();
    }

    private static boolean isFirst(int c) {
        return isAllowed(c) && c != '-' && (c < '0' || c > '9');
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
}
