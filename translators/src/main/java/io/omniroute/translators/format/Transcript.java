package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** A conversation as plain text, for a model that is told of it without taking part. Stateless. */
public final class Transcript {

    private Transcript() {}

    /**
     * The last turns.
     *
     * @param turns how many at most
     * @param characters how many all of them may have
     */
    public static String of(ChatRequest request, int turns, int characters) {
        List<Message> messages = request.messages();
        Deque<String> texts = new ArrayDeque<>();
        int left = characters;
        for (int i = messages.size() - 1; i >= Math.max(0, messages.size() - turns) && left > 0; i--) {
            String text = text(messages.get(i));
            String cut = text.length() > left ? text.substring(text.length() - left) : text;
            left -= cut.length();
            texts.addFirst(cut);
        }
        return String.join("\n\n", texts);
    }

    private static String text(Message message) {
        StringBuilder text = new StringBuilder(message.role().name().toLowerCase(Locale.ROOT)).append(":");
        for (Part part : message.parts()) {
            String said = said(part);
            if (!said.isEmpty()) {
                text.append(' ').append(said);
            }
        }
        return text.toString();
    }

    private static String said(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal refusal -> refusal.text();
            case Part.ToolCall call -> "[calls " + call.name() + " " + call.arguments() + "]";
            case Part.ToolResult result ->
                "[answer of a tool: "
                        + String.join(
                                " ",
                                result.content().stream().map(Transcript::said).toList())
                        + "]";
            case Part.Image image -> "[image]";
            case Part.Document document -> "[document]";
            case Part.Audio audio -> "[audio]";
            case Part.Video video -> "[video]";
            case Part.Thought thought -> "";
            case Part.Native raw -> "";
        };
    }
}
