package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where a text is from is often said last of all, behind the calls that follow the text. */
class LateSourcesTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> GEMINI = List.of(
            "{'candidates':[{'content':{'parts':[{'text':'See one.'}],'role':'model'}}]}",
            "{'candidates':[{'content':{'parts':[{'functionCall':{'id':'a','name':'f','args':{}}}],'role':'model'}}]}",
            "{'candidates':[{'content':{'parts':[{'text':' See two.'}],'role':'model'}}]}",
            "{'candidates':[{'content':{'parts':[{'text':''}],'role':'model'},'finishReason':'STOP','groundingMetadata':{"
                    + "'groundingChunks':[{'web':{'uri':'https://one.example','title':'One'}},{'web':{'uri':'https://two.example','title':'Two'}}],"
                    + "'groundingSupports':[{'segment':{'startIndex':4,'endIndex':7},'groundingChunkIndices':[0]},"
                    + "{'segment':{'startIndex':13,'endIndex':16},'groundingChunkIndices':[1]}]}}]}");

    private static final List<String> CHAT = List.of(
            "{'id':'c','model':'m','choices':[{'index':0,'delta':{'role':'assistant','content':'See one.'}}]}",
            "{'id':'c','model':'m','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':'{}'}}]}}]}",
            "{'id':'c','model':'m','choices':[{'index':0,'delta':{'annotations':[{'type':'url_citation','url_citation':"
                    + "{'start_index':4,'end_index':7,'url':'https://one.example','title':'One'}}]}}]}",
            "{'id':'c','model':'m','choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}",
            "[DONE]");

    @ParameterizedTest
    @ValueSource(strings = {"anthropic-messages", "openai-responses"})
    void standWithTheirTextWhereNothingMoreCanBeSaidOfIt(String client) {
        String told = told("gemini", GEMINI, client, true);
        assertThat(told.indexOf("https://one.example"))
                .isPositive()
                .isLessThan(told.indexOf(client.startsWith("open") ? "\"function_call\"" : "\"tool_use\""));
        assertThat(told.indexOf("https://two.example")).isGreaterThan(told.indexOf(" See two."));
        assertThat(told("openai-chat", CHAT, client, true)).contains("https://one.example");
    }

    @ParameterizedTest
    @CsvSource({"openai-chat,true", "openai-chat,false", "gemini,true", "gemini,false"})
    void standAtTheEndWhereTheyMay(String client, boolean searches) {
        if (client.equals("gemini")) {
            JsonNode last = last(told("openai-chat", CHAT, client, searches));
            assertThat(last.at("/candidates/0/groundingMetadata/groundingSupports/0/segment/text")
                            .asString())
                    .isEqualTo("one");
        } else {
            JsonNode all = last(told("gemini", GEMINI, client, searches), "annotations");
            JsonNode sources = all.at("/choices/0/delta/annotations");
            assertThat(sources.at("/0/url_citation/start_index").asInt()).isEqualTo(4);
            assertThat(sources.at("/0/url_citation/url").asString()).isEqualTo("https://one.example");
            assertThat(sources.at("/1/url_citation/start_index").asInt()).isEqualTo(13);
            assertThat(sources.at("/1/url_citation/end_index").asInt()).isEqualTo(16);
        }
    }

    /** Who searches for nothing is told of a call at once. */
    @ParameterizedTest
    @ValueSource(strings = {"anthropic-messages", "openai-responses", "openai-chat", "gemini"})
    void waitForNothingWhereNobodySearches(String client) {
        assertThat(told("gemini", GEMINI.subList(0, 2), client, false))
                .contains(client.equals("openai-responses") ? "function_call_arguments.done" : "\"f\"");
    }

    private static JsonNode last(String told) {
        return last(told, "finishReason");
    }

    private static JsonNode last(String told, String with) {
        String line = told.lines()
                .filter(one -> one.startsWith("data: {") && one.contains('"' + with + '"'))
                .reduce((before, after) -> after)
                .orElseThrow();
        return JSON.readTree(line.substring("data: ".length()));
    }

    private static String told(String provider, List<String> said, String client, boolean searches) {
        RequestHead plain = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        RequestHead head = searches ? plain.withHostedTools(List.of("web_search")) : plain;
        StreamDecoder decoder = Objects.requireNonNull(
                        ApiFormats.ofId(provider).orElseThrow().codecs().get(Operation.CHAT))
                .streamDecoder(head, JsonLimits.DEFAULT);
        AnswerContext context =
                new AnswerContext(new ChatRequest.Builder("m").build(), "id", "m", 0, false, 1, CarrierSeal.NONE);
        StreamEncoder encoder = ApiFormats.ofId(client).orElseThrow().chat().streamEncoder(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SseParser parser = new SseParser(10_000);
        boolean[] ended = {false};
        for (String one : said) {
            byte[] bytes = ("data: " + one.replace('\'', '"') + "\n\n").getBytes(StandardCharsets.UTF_8);
            parser.feed(
                    bytes,
                    read -> decoder.decode(read, step -> {
                        ended[0] |= step instanceof StreamEvent.End;
                        encoder.encode(step, out);
                    }));
        }
        if (decoder.complete()) {
            decoder.end(step -> encoder.encode(step, out));
            if (!ended[0]) {
                encoder.encode(new StreamEvent.End(), out);
            }
            StreamGrammar.check(client, out.toByteArray());
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
