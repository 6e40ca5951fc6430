package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ContextCompressionTests {

    private static final Part.Native TOOLS =
            new Part.Native("openai-responses", Json.object().put("type", "additional_tools"));

    @Test
    void leavesAloneWhatFits() {
        ChatRequest request = new ChatRequest.Builder("m").add(user("hello")).build();
        assertThat(ContextCompression.compress(request, 1_000)).isSameAs(request);
    }

    /** Scripts without an alphabet have a token or so for each character. */
    @Test
    void countsChinese() {
        ChatRequest request =
                new ChatRequest.Builder("m").add(user("中".repeat(4_000))).build();
        assertThat(ContextCompression.tokens(request)).isBetween(4_000L, 4_100L);
    }

    @Test
    void shortensLongAnswersOfToolsFirst() {
        ChatRequest request = new ChatRequest.Builder("m")
                .add(user("look"))
                .add(call("c1"))
                .add(result("c1", "a".repeat(5_000) + "END"))
                .add(assistant("seen"))
                .add(user("go on"))
                .build();
        ChatRequest shorter = ContextCompression.compress(request, 1_000);
        assertThat(shorter.messages()).hasSameSizeAs(request.messages());
        String text = shorter.messages().get(2).toString();
        assertThat(text).contains("characters left out", "END").hasSizeLessThan(2_500);
    }

    /** An agent's work, to which the user has said one thing at the beginning. */
    @RepeatedTest(20)
    void leavesOutTheOldestRoundsOfOneTurn(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ChatRequest.Builder working = new ChatRequest.Builder("m")
                .add(Message.of(Role.SYSTEM, List.of(Part.Text.of("rules"))))
                .add(user("build it"));
        int rounds = 8 + random.nextInt(20);
        for (int i = 0; i < rounds; i++) {
            working.add(call("c" + i)).add(result("c" + i, "line ".repeat(1_000) + "END" + i));
        }
        ChatRequest request = working.build();
        long most = 600L * (rounds - 2) + 2_700;
        ChatRequest shorter = ContextCompression.compress(request, most);
        assertThat(ContextCompression.tokens(shorter)).isLessThanOrEqualTo(most);
        assertThat(shorter.messages()).as("long answers first").hasSameSizeAs(request.messages());
        assertThat(shorter.messages().getLast()).isEqualTo(request.messages().getLast());
        ChatRequest shortest = ContextCompression.compress(request, 4_500);
        assertThat(shortest.messages())
                .hasSizeLessThan(request.messages().size())
                .startsWith(request.messages().get(0), request.messages().get(1))
                .endsWith(request.messages()
                        .subList(
                                request.messages().size() - 4,
                                request.messages().size())
                        .toArray(Message[]::new));
        assertThat(ContextCompression.tokens(shortest)).isLessThanOrEqualTo(4_500);
        int open = 0;
        for (Message message : shortest.messages()) {
            for (Part part : message.parts()) {
                open += part instanceof Part.ToolCall ? 1 : part instanceof Part.ToolResult ? -1 : 0;
            }
        }
        assertThat(open).isZero();
    }

    @Test
    void keepsTheLastPicturesLongest() {
        ChatRequest.Builder request = new ChatRequest.Builder("m");
        for (int i = 0; i < 5; i++) {
            request.add(Message.of(
                    Role.USER,
                    List.of(new Part.Image(new Media.Inline("image/png", "AAAA" + i), null, null, Extra.NONE))));
            request.add(assistant("seen " + i));
        }
        request.add(user("which?"));
        ChatRequest shorter = ContextCompression.compress(request.build(), 3_000);
        assertThat(shorter.messages().toString()).contains("AAAA4", "AAAA3").doesNotContain("AAAA0", "AAAA1", "AAAA2");
    }

    /** Whatever is left out: calls keep their answers, instructions and the last turn of the user stay, and the order does. */
    @RepeatedTest(200)
    void keepsCallsTogetherWithTheirAnswers(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ChatRequest request = conversation(random);
        long all = ContextCompression.tokens(request);
        long most = 50 + random.nextLong(all);
        ChatRequest shorter = ContextCompression.compress(request, most);
        assertThat(ContextCompression.tokens(shorter)).isLessThanOrEqualTo(all);
        Set<String> open = new HashSet<>();
        Set<String> called = new HashSet<>();
        for (Message message : shorter.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    open.add(call.id());
                    called.add(call.id());
                } else if (part instanceof Part.ToolResult result) {
                    assertThat(called).as("a result without its call").contains(result.callId());
                    open.remove(result.callId());
                }
            }
        }
        assertThat(shorter.messages().stream().flatMap(message -> message.parts().stream()))
                .contains(TOOLS);
        assertThat(open).as("calls without their results").isEmpty();
        assertThat(shorter.messages().stream().filter(m -> m.role() == Role.SYSTEM))
                .containsExactlyElementsOf(request.messages().stream()
                        .filter(m -> m.role() == Role.SYSTEM)
                        .toList());
        assertThat(shorter.messages().getLast()).isEqualTo(request.messages().getLast());
        assertThat(shorter.messages().stream().anyMatch(m -> m.role() == Role.USER))
                .isTrue();
    }

    private static ChatRequest conversation(Random random) {
        ChatRequest.Builder request = new ChatRequest.Builder("m");
        request.add(Message.of(Role.SYSTEM, List.of(Part.Text.of("be kind"))));
        request.add(Message.of(Role.ASSISTANT, List.of(TOOLS, Part.Text.of("a".repeat(2_000)))));
        int id = 0;
        for (int turn = 0; turn < 2 + random.nextInt(8); turn++) {
            request.add(user("u".repeat(random.nextInt(3_000))));
            for (int round = 0; round < random.nextInt(3); round++) {
                List<Part> calls = new ArrayList<>();
                List<Part> results = new ArrayList<>();
                for (int call = 0; call <= random.nextInt(3); call++) {
                    String name = "c" + id++;
                    calls.add(new Part.ToolCall(name, "look", "{}", false, null, null));
                    results.add(new Part.ToolResult(
                            name, null, false, List.of(Part.Text.of("r".repeat(random.nextInt(9_000)))), false, null));
                }
                request.add(Message.of(Role.ASSISTANT, calls));
                request.add(Message.of(Role.TOOL, results));
            }
            request.add(assistant("a".repeat(random.nextInt(2_000))));
        }
        return request.add(user("and now?")).build();
    }

    private static Message user(String text) {
        return Message.of(Role.USER, List.of(Part.Text.of(text)));
    }

    private static Message assistant(String text) {
        return Message.of(Role.ASSISTANT, List.of(Part.Text.of(text)));
    }

    private static Message call(String id) {
        return Message.of(Role.ASSISTANT, List.of(new Part.ToolCall(id, "look", "{}", false, null, null)));
    }

    private static Message result(String id, String text) {
        return Message.of(
                Role.TOOL, List.of(new Part.ToolResult(id, null, false, List.of(Part.Text.of(text)), false, null)));
    }
}
