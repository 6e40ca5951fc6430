package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a conversation fit into a context window, step by step and no further than it must: long answers of tools are shortened, old
 * pictures and old thoughts left out, then the oldest turns, a turn that calls tools only together with their answers, and last, where a single
 * turn of the user has led to many rounds of tools, the oldest of those. Instructions, tools that stand among the turns, the last turn of the user
 * and the last rounds stay as they are. Stateless.
 */
public final class ContextCompression {

    /** Where the scripts of China, Japan and Korea begin. */
    private static final int FIRST_WITHOUT_ALPHABET = 0x2E80;

    private static final int CHARACTERS_OF_A_TOKEN = 4;
    private static final int TOKENS_OF_MEDIA = 1_200;
    private static final int LONGEST_RESULT = 2_000;
    private static final int PICTURES_KEPT = 2;
    private static final int ROUNDS_KEPT = 2;

    /** Messages that belong together: calls of tools, and their answers. */
    private record Round(int from, int to) {}

    private ContextCompression() {}

    /** About how many tokens the messages and tools of a request have. */
    public static long tokens(ChatRequest request) {
        long tokens = 0;
        for (Message message : request.messages()) {
            tokens += tokens(message);
        }
        return tokens + request.tools().toString().length() / CHARACTERS_OF_A_TOKEN;
    }

    /**
     * The request with at most so many tokens, as far as that can be had; the same one if it fits.
     *
     * @param most about how many tokens it may have
     */
    public static ChatRequest compress(ChatRequest request, long most) {
        if (tokens(request) <= most) {
            return request;
        }
        List<Message> messages = new ArrayList<>(request.messages());
        int kept = beginningOfLast(messages);
        ChatRequest shorter = with(request, shortened(messages, kept));
        if (tokens(shorter) > most) {
            shorter = with(request, withoutPictures(new ArrayList<>(shorter.messages()), kept));
        }
        if (tokens(shorter) > most) {
            shorter = with(request, withoutThoughts(shorter.messages(), kept));
        }
        ChatRequest shortest = tokens(shorter) > most ? with(request, withoutOldest(shorter, most)) : shorter;
        if (tokens(shortest) > most) {
            shortest = with(request, withShorterRounds(shortest.messages()));
        }
        if (tokens(shortest) > most) {
            shortest = with(request, withoutOldestRounds(shortest, most));
        }
        return shortest.messages().equals(request.messages()) ? request : shortest;
    }

    private static ChatRequest with(ChatRequest request, List<Message> messages) {
        return request.change().messages(messages).build();
    }

    private static int lastOfUser(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role() == Role.USER) {
                return i;
            }
        }
        return messages.size();
    }

    /** What tools have answered in the same turn stands before its words, and behind the calls that it answers. */
    private static int beginningOfLast(List<Message> messages) {
        int beginning = lastOfUser(messages);
        while (beginning > 0
                && beginning < messages.size()
                && messages.get(beginning - 1).role() == Role.TOOL) {
            beginning--;
        }
        boolean answers = beginning < messages.size() && messages.get(beginning).role() == Role.TOOL;
        return answers && beginning > 0 && messages.get(beginning - 1).role() == Role.ASSISTANT
                ? beginning - 1
                : beginning;
    }

    private static List<Message> shortened(List<Message> messages, int kept) {
        List<Message> shorter = new ArrayList<>(messages);
        for (int i = 0; i < kept; i++) {
            shorter.set(i, mapped(messages.get(i), ContextCompression::shortened));
        }
        return shorter;
    }

    private static Part shortened(Part part) {
        if (!(part instanceof Part.ToolResult result)) {
            return part;
        }
        List<Part> content = result.content().stream()
                .map(piece -> piece instanceof Part.Text text && text.text().length() > LONGEST_RESULT
                        ? new Part.Text(cut(text.text()), text.cache(), text.extra())
                        : piece)
                .toList();
        return new Part.ToolResult(
                result.callId(),
                result.name(),
                result.error(),
                content,
                result.custom(),
                result.cache(),
                result.extra());
    }

    /** What is at the beginning and at the end says most. */
    private static String cut(String text) {
        int half = LONGEST_RESULT / 2;
        return text.substring(0, half) + "\n[... " + (text.length() - LONGEST_RESULT) + " characters left out ...]\n"
                + text.substring(text.length() - half);
    }

    private static List<Message> withoutPictures(List<Message> messages, int kept) {
        int[] seen = new int[1];
        for (int i = kept - 1; i >= 0; i--) {
            messages.set(
                    i,
                    mapped(
                            messages.get(i),
                            part -> part instanceof Part.Image && ++seen[0] > PICTURES_KEPT
                                    ? Part.Text.of("[an image was left out]")
                                    : part));
        }
        return messages;
    }

    private static List<Message> withoutThoughts(List<Message> messages, int kept) {
        List<Message> shorter = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            boolean old = i < kept
                    && message.parts().stream().anyMatch(Part.Thought.class::isInstance)
                    && message.parts().stream()
                            .noneMatch(part -> part instanceof Part.ToolCall || part instanceof Part.Native);
            List<Part> parts = old
                    ? message.parts().stream()
                            .filter(part -> !(part instanceof Part.Thought))
                            .toList()
                    : message.parts();
            if (!parts.isEmpty() || message.parts().isEmpty()) {
                shorter.add(message.with(parts));
            }
        }
        return shorter;
    }

    /** From the oldest on, whole turns of the user with all that was answered to them. */
    private static List<Message> withoutOldest(ChatRequest request, long most) {
        List<Message> messages = request.messages();
        int kept = beginningOfLast(messages);
        Set<Integer> left = new HashSet<>();
        long tokens = tokens(request);
        int from = 0;
        while (tokens > most && from < kept) {
            int to = endOfExchange(messages, from, kept);
            tokens -= leave(messages, new Round(from, to), left);
            from = to;
        }
        return without(messages, left);
    }

    /** The rounds of the last turn whose calls are all answered, the oldest first. */
    private static List<Round> rounds(List<Message> messages) {
        List<Round> rounds = new ArrayList<>();
        Set<String> open = new HashSet<>();
        int from = -1;
        for (int i = lastOfUser(messages) + 1; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (open.isEmpty()) {
                from = message.role() == Role.ASSISTANT ? i : -1;
            }
            message.parts().forEach(part -> {
                if (part instanceof Part.ToolCall call) {
                    open.add(call.id());
                } else if (part instanceof Part.ToolResult result) {
                    open.remove(result.callId());
                }
            });
            if (open.isEmpty() && from >= 0 && i > from) {
                rounds.add(new Round(from, i + 1));
            }
        }
        return rounds;
    }

    private static List<Message> withShorterRounds(List<Message> messages) {
        List<Round> rounds = rounds(messages);
        List<Message> shorter = new ArrayList<>(messages);
        for (Round round : rounds.subList(0, Math.max(0, rounds.size() - ROUNDS_KEPT))) {
            for (int i = round.from(); i < round.to(); i++) {
                shorter.set(i, mapped(messages.get(i), ContextCompression::shortened));
            }
        }
        return shorter;
    }

    private static List<Message> withoutOldestRounds(ChatRequest request, long most) {
        List<Message> messages = request.messages();
        List<Round> rounds = rounds(messages);
        Set<Integer> left = new HashSet<>();
        long tokens = tokens(request);
        for (Round round : rounds.subList(0, Math.max(0, rounds.size() - ROUNDS_KEPT))) {
            if (tokens <= most) {
                break;
            }
            tokens -= leave(messages, round, left);
        }
        return without(messages, left);
    }

    /** About how many tokens are gone with these messages. */
    private static long leave(List<Message> messages, Round round, Set<Integer> left) {
        long gone = 0;
        for (int i = round.from(); i < round.to(); i++) {
            Message message = messages.get(i);
            if (!message.role().isInstruction()) {
                left.add(i);
                gone += tokens(message) - tokens(bringing(message));
            }
        }
        return gone;
    }

    /** Of a message what brings tools that later turns may call. */
    private static Message bringing(Message message) {
        return message.with(message.parts().stream()
                .filter(part -> part instanceof Part.Native raw
                        && raw.raw().path("type").asString("").equals("additional_tools"))
                .toList());
    }

    private static List<Message> without(List<Message> messages, Set<Integer> left) {
        List<Message> shorter = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = left.contains(i) ? bringing(messages.get(i)) : messages.get(i);
            if (!left.contains(i) || !message.parts().isEmpty()) {
                shorter.add(message);
            }
        }
        return shorter;
    }

    /** Where the exchange ends that begins here: before the next turn of the user when all calls are answered. */
    private static int endOfExchange(List<Message> messages, int from, int most) {
        Set<String> open = new HashSet<>();
        for (int i = from; i < most; i++) {
            Message message = messages.get(i);
            if (i > from && message.role() == Role.USER && open.isEmpty()) {
                return i;
            }
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    open.add(call.id());
                } else if (part instanceof Part.ToolResult result) {
                    open.remove(result.callId());
                }
            }
        }
        return most;
    }

    private static Message mapped(Message message, UnaryOperator<Part> change) {
        return message.with(message.parts().stream().map(change).toList());
    }

    private static long tokens(Message message) {
        long tokens = 4;
        for (Part part : message.parts()) {
            tokens += tokens(part);
        }
        return tokens;
    }

    private static long tokens(Part part) {
        return switch (part) {
            case Part.Text text -> length(text.text());
            case Part.Refusal refusal -> length(refusal.text());
            case Part.Thought thought ->
                length(thought.text())
                        + length(
                                thought.opaque() == null
                                        ? null
                                        : thought.opaque().payload());
            case Part.ToolCall call -> length(call.name()) + length(call.arguments());
            case Part.ToolResult result ->
                result.content().stream().mapToLong(ContextCompression::tokens).sum();
            case Part.Image image -> TOKENS_OF_MEDIA;
            case Part.Document document -> TOKENS_OF_MEDIA;
            case Part.Audio audio -> TOKENS_OF_MEDIA;
            case Part.Video video -> TOKENS_OF_MEDIA;
            case Part.Native raw -> length(raw.raw().toString());
        };
    }

    private static long length(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        // a character of a script without an alphabet is a token or so
        long characters = text.chars().filter(c -> c >= FIRST_WITHOUT_ALPHABET).count();
        return characters + (text.length() - characters) / CHARACTERS_OF_A_TOKEN;
    }
}
