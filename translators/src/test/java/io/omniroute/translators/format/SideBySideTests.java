package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Candidates of one answer do not wait for each other, and nothing of one gets into another. */
class SideBySideTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void comeAsTheyAreSaid() {
        List<List<String>> told = told(
                "openai-chat",
                "{'choices':[{'index':0,'delta':{'content':'One'}}]}",
                "{'choices':[{'index':1,'delta':{'content':'Uno'}}]}",
                "{'choices':[{'index':0,'delta':{'content':' two'}}]}",
                "{'choices':[{'index':1,'delta':{'content':' dos'}}]}");
        assertThat(told)
                .containsExactly(
                        List.of("0 {'text':'One'}"),
                        List.of("1 {'text':'Uno'}"),
                        List.of("0 {'text':' two'}"),
                        List.of("1 {'text':' dos'}"));
    }

    /** A call of one is whole when it is, whatever the other does. */
    @Test
    void callToolsSideBySide() {
        List<List<String>> told = told(
                "openai-chat",
                "{'choices':[{'index':1,'delta':{'content':'Uno'}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':'{\\'x\\':'}}]}}]}",
                "{'choices':[{'index':1,'delta':{'tool_calls':[{'index':0,'id':'b','type':'function','function':{'name':'g','arguments':'{'}}]}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'1}'}}]}}]}",
                "{'choices':[{'index':1,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'}'}}]}}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}",
                "{'choices':[{'index':1,'delta':{},'finish_reason':'tool_calls'}]}");
        assertThat(told.stream().flatMap(List::stream).filter(part -> !part.contains("'text':''")))
                .containsExactlyInAnyOrder(
                        "1 {'text':'Uno'}",
                        "0 {'functionCall':{'id':'a','name':'f','args':{'x':1}}}",
                        "1 {'functionCall':{'id':'b','name':'g','args':{}}}");
    }

    /** Thoughts and signatures stay with the candidate that has them. */
    @Test
    void thinkForThemselves() {
        List<List<String>> told = told(
                "openai-chat",
                "{'choices':[{'index':0,'delta':{'reasoning_content':'Hm.'}}]}",
                "{'choices':[{'index':1,'delta':{'content':'Uno'}}]}",
                "{'choices':[{'index':0,'delta':{'reasoning_content':' Yes.'}}]}",
                "{'choices':[{'index':1,'delta':{'content':' dos'}}]}",
                "{'choices':[{'index':0,'delta':{'content':'One'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':1,'delta':{},'finish_reason':'stop'}]}");
        List<String> all = told.stream().flatMap(List::stream).toList();
        assertThat(text(all, 0, true)).isEqualTo("Hm. Yes.");
        assertThat(text(all, 0, false)).isEqualTo("One");
        assertThat(text(all, 1, true)).isEmpty();
        assertThat(text(all, 1, false)).isEqualTo("Uno dos");
    }

    /** Google's calls in pieces are pieces of one candidate each. */
    @Test
    void growSideBySide() {
        List<List<String>> told = told(
                "gemini",
                "{'candidates':[{'index':0,'content':{'parts':[{'functionCall':{'id':'a','name':'f','willContinue':true}}]}}]}",
                "{'candidates':[{'index':1,'content':{'parts':[{'functionCall':{'id':'b','name':'g','args':{'y':2}}}]},'finishReason':'STOP'}]}",
                "{'candidates':[{'index':0,'content':{'parts':[{'functionCall':{'partialArgs':[{'jsonPath':'$.x','numberValue':1}],'willContinue':true}}]}}]}",
                "{'candidates':[{'index':0,'content':{'parts':[{'functionCall':{}}]},'finishReason':'STOP'}]}");
        assertThat(told.stream().flatMap(List::stream).filter(part -> part.contains("functionCall")))
                .containsExactly(
                        "1 {'functionCall':{'id':'b','name':'g','args':{'y':2}}}",
                        "0 {'functionCall':{'id':'a','name':'f','args':{'x':1}}}");
    }

    private static String text(List<String> parts, int candidate, boolean thought) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            JsonNode said = JSON.readTree(part.substring(2).replace('\'', '"'));
            if (part.startsWith(candidate + " ") && said.path("thought").asBoolean(false) == thought) {
                text.append(said.path("text").asString(""));
            }
        }
        return text.toString();
    }

    /** What a client of Google's format is told with each of a provider's events: candidates, each with a part. */
    private static List<List<String>> told(String provider, String... said) {
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 2, List.of());
        StreamDecoder decoder = Objects.requireNonNull(
                        ApiFormats.ofId(provider).orElseThrow().codecs().get(Operation.CHAT))
                .streamDecoder(head, JsonLimits.DEFAULT);
        AnswerContext context =
                new AnswerContext(new ChatRequest.Builder("m").build(), "id", "m", 0, true, 1, CarrierSeal.NONE);
        StreamEncoder encoder = ApiFormats.ofId("gemini").orElseThrow().chat().streamEncoder(context);
        SseParser parser = new SseParser(10_000);
        List<List<String>> told = new ArrayList<>();
        for (String one : said) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            String event = one.replace("\\'", "\\\"").replace('\'', '"');
            byte[] bytes = ("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8);
            parser.feed(bytes, read -> decoder.decode(read, step -> encoder.encode(step, out)));
            add(out, told);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        decoder.end(step -> encoder.encode(step, out));
        add(out, told);
        return told;
    }

    private static void add(ByteArrayOutputStream out, List<List<String>> told) {
        List<String> parts = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("data: ")) {
                for (JsonNode candidate :
                        JSON.readTree(line.substring("data: ".length())).path("candidates")) {
                    candidate
                            .path("content")
                            .path("parts")
                            .forEach(part -> parts.add(candidate.path("index").asInt() + " "
                                    + part.toString().replace('"', '\'')));
                }
            }
        }
        if (!parts.isEmpty()) {
            told.add(parts);
        }
    }
}
