package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the sandbox answers to a conversation, in no format yet: text, or tool calls when there are tools and they have not been
 * called often enough. The same request always gets the same answer.
 *
 * @param thought what it thought before, empty for nothing
 * @param cited whether the text has a source
 * @param likelihoods whether it says how likely its tokens were
 * @param stored whether it says that it is kept
 * @param paused whether it has searched and waits to be asked to go on
 */
record Answer(
        String id,
        String model,
        int choices,
        String text,
        String thought,
        List<ToolCall> toolCalls,
        long inputTokens,
        boolean cited,
        boolean likelihoods,
        boolean stored,
        boolean paused) {

    private static final String[] WORDS =
            ("the sandbox answers every question with calm and with words that mean little" + " but arrive in order")
                    .split(" ");

    static final String SOURCE = "https://sandbox.example/page";
    static final String SOURCE_TITLE = "A page of the sandbox";
    /** The logarithm of how likely every token is. */
    static final double LIKELIHOOD = -0.25;

    private static final String TAGGED = "<think>Let me think about that.</think>\n\n";

    /** A tool call with its arguments as JSON text. */
    record ToolCall(String id, String name, String arguments) {}

    /** @param thinks whether it is to be thought about although nobody has ordered that */
    static Answer to(Asked asked, Orders orders, boolean thinks) {
        List<ToolCall> calls = toolCalls(asked, orders);
        return new Answer(
                "sandbox" + Integer.toHexString(asked.prompt().hashCode()),
                asked.model(),
                asked.choices(),
                (orders.has(Behaviour.TAGGED) ? TAGGED : "") + (calls.isEmpty() ? text(asked, orders) : ""),
                orders.has(Behaviour.THOUGHT) || thinks ? "Let me think about that." : "",
                calls,
                tokens(asked.prompt()),
                orders.has(Behaviour.CITED) && calls.isEmpty(),
                asked.likelihoods(),
                asked.stored(),
                asked.searches() >= 0
                        && asked.searches() < orders.number(Behaviour.PAUSE).orElse(0));
    }

    static long tokens(String text) {
        return text.isEmpty() ? 0 : text.length() / 4 + 1;
    }

    long outputTokens() {
        return choices
                * (tokens(text)
                        + tokens(thought)
                        + toolCalls.stream()
                                .mapToLong(call -> tokens(call.arguments()) + 5)
                                .sum());
    }

    /** A text in pieces of a word each. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int space = text.indexOf(' ', at + 1);
            int end = space < 0 ? text.length() : space;
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static List<ToolCall> toolCalls(Asked asked, Orders orders) {
        boolean enough = asked.answered()
                && asked.rounds() >= orders.number(Behaviour.ROUNDS).orElse(1);
        if (asked.tools().isEmpty() || asked.toolsForbidden() || enough) {
            return List.of();
        }
        ToldCall told = ToldCall.in(asked.prompt());
        String named = told == null ? asked.toolNamed() : told.name();
        List<ToolCall> calls = new ArrayList<>();
        for (Asked.Tool tool : asked.tools()) {
            boolean wanted = named.isEmpty() || named.equals(tool.name());
            if (wanted && (orders.has(Behaviour.PARALLEL) || calls.isEmpty())) {
                String id = "call_sandbox" + asked.rounds() + "_" + calls.size() + "_"
                        + tool.name().length();
                calls.add(new ToolCall(id, tool.name(), arguments(tool, told)));
            }
        }
        return calls;
    }

    /** Those that it was told, else some that fit the schema. */
    private static String arguments(Asked.Tool tool, @Nullable ToldCall told) {
        return told == null ? FromSchema.value(tool.schema()).toString() : told.arguments();
    }

    private static String text(Asked asked, Orders orders) {
        JsonNode schema = asked.schema();
        if (schema != null) {
            return FromSchema.value(schema).toString();
        }
        if (asked.anyJson()) {
            return "{\"answer\": \"the sandbox says yes\"}";
        }
        if (orders.has(Behaviour.WORDS)) {
            return IntStream.range(0, orders.number(Behaviour.WORDS).orElse(0))
                    .mapToObj(i -> WORDS[i % WORDS.length])
                    .collect(Collectors.joining(" "));
        }
        return "You said: " + asked.lastText() + " And the sandbox says: all is well.";
    }
}
