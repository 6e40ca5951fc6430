package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Thoughts between tags, cut at every place. */
class ThinkTagsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "<think>Let me see.</think>\\n\\nYes." | "Let me see." | "Yes."
            "\\n <think>\\nA < b </thin k>.</think>No." | "A < b </thin k>." | "No."
            "Text <think>is</think> text" | "" | "Text <think>is</think> text"
            "<think>never closed" | "never closed" | ""
            "<thinking>other</thinking>" | "" | "<thinking>other</thinking>"
            "<think></think>\\n" | "" | ""
            "<thi" | "" | "<thi"
            "" | "" | ""
            """)
    void makesAPartOfThem(String escaped, String thought, String text) {
        String content = escaped.replace("\\n", "\n");
        for (int cut = 0; cut <= content.length(); cut++) {
            ChatAnswer answer = split(content, cut);
            assertThat(said(answer, PartKind.REASONING)).as("cut at %d", cut).isEqualTo(thought);
            assertThat(said(answer, PartKind.TEXT)).as("cut at %d", cut).isEqualTo(text);
            assertThat(said(answer, PartKind.TOOL_CALL)).isEqualTo("{}");
        }
    }

    /** How likely the tokens of the text were, whole or in pieces; nobody has asked for those of the thoughts. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsHowLikelyTheTextWas(boolean whole) {
        List<String> tokens = List.of("<think>", "hm", "</think>", "\n\n", "So", " be", " it");
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        ThinkTags tags = new ThinkTags(fold);
        tags.accept(new StreamEvent.Start("id", "m"));
        tags.accept(new StreamEvent.PartStart(0, 0, PartKind.TEXT, null, null));
        for (List<String> piece :
                whole ? List.of(tokens) : tokens.stream().map(List::of).toList()) {
            tags.accept(new StreamEvent.PartProbabilities(
                    0,
                    piece.stream()
                            .map(token -> new TokenProbability(
                                    token, JsonMapper.shared().readTree("-0.1"), null, List.of()))
                            .toList()));
            tags.accept(new StreamEvent.PartDelta(0, String.join("", piece)));
        }
        tags.accept(new StreamEvent.PartEnd(0));
        tags.accept(new StreamEvent.Finish(0, FinishReason.STOP, "stop"));
        ChatAnswer.Piece text = fold.answer().candidates().getFirst().pieces().getLast();
        assertThat(text.text()).isEqualTo("So be it");
        assertThat(text.tokens()).extracting(TokenProbability::token).containsExactly("So", " be", " it");
    }

    private static ChatAnswer split(String content, int cut) {
        List<StreamEvent> events = new ArrayList<>();
        ThinkTags tags = new ThinkTags(events::add);
        tags.accept(new StreamEvent.Start("id", "m"));
        tags.accept(new StreamEvent.PartStart(0, 0, PartKind.TEXT, null, null));
        tags.accept(new StreamEvent.PartDelta(0, content.substring(0, cut)));
        tags.accept(new StreamEvent.PartDelta(0, content.substring(cut)));
        tags.accept(new StreamEvent.PartEnd(0));
        tags.accept(new StreamEvent.PartStart(0, 1, PartKind.TOOL_CALL, "call_1", "f"));
        tags.accept(new StreamEvent.PartDelta(1, "{}"));
        tags.accept(new StreamEvent.PartEnd(1));
        tags.accept(new StreamEvent.Finish(0, FinishReason.TOOL, "tool_calls"));
        tags.accept(new StreamEvent.End());
        int next = 0;
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.PartStart start) {
                assertThat(start.part()).isEqualTo(next++);
            }
        }
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.forEach(fold);
        return fold.answer();
    }

    private static String said(ChatAnswer answer, PartKind kind) {
        StringBuilder said = new StringBuilder();
        answer.candidates().getFirst().pieces().stream()
                .filter(piece -> piece.kind() == kind)
                .forEach(piece -> said.append(piece.text()));
        return said.toString();
    }
}
