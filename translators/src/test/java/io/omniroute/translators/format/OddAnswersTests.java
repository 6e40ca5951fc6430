package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as some servers write them, which say something else than their words seem to. */
class OddAnswersTests {

    private static final String CHAT = "openai-chat";
    private static final String GEMINI = "gemini";

    @ParameterizedTest
    @ValueSource(strings = {"function_call_filter: MALFORMED_FUNCTION_CALL", "abort", "error"})
    void failWhereNothingWasSaid(String reason) {
        List<StreamEvent> events = read(CHAT, "{'choices':[{'index':0,'finish_reason':'" + reason + "'}]}");
        assertThat(events).hasAtLeastOneElementOfType(StreamEvent.Failure.class);
        assertThat(events).noneMatch(StreamEvent.Finish.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MALFORMED_FUNCTION_CALL", "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE"})
    void failBehindThoughtsAlone(String reason) {
        List<StreamEvent> events = read(
                GEMINI,
                "{'candidates':[{'content':{'parts':[{'text':'hm','thought':true}]}}]}",
                "{'candidates':[{'finishReason':'" + reason + "'}]}");
        assertThat(failure(events).code()).isEqualTo("upstream_malformed_tool_call");
    }

    @Test
    void areFilteredForAReasonOfTheirVendors() {
        List<StreamEvent> events =
                read(CHAT, "{'choices':[{'index':0,'delta':{},'finish_reason':'content_filter: PROHIBITED_CONTENT'}]}");
        assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                StreamEvent.Finish.class,
                                finish -> assertThat(finish.reason()).isEqualTo(FinishReason.CONTENT_FILTER)));
    }

    @Test
    void tellInAChoiceWhatFailed() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'content':''},'finish_reason':'error','error':{'code':429,'message':'slow'}}]}");
        assertThat(failure(events).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
    }

    /** Clients take the last of several texts for the answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini|{'candidates':[{'content':{'parts':[{'text':'One, ','thoughtSignature':'c2ln'}]}}]}"
                        + "|{'candidates':[{'content':{'parts':[{'text':'two'}]},'finishReason':'STOP'}]}",
                "openai-chat|{'choices':[{'index':0,'delta':{'content':'One, ','extra_content':{'google':{'thought_signature':'c2ln'}}}}]}"
                        + "|{'choices':[{'index':0,'delta':{'content':'two'},'finish_reason':'stop'}]}"
            })
    void sayOneTextWhoseBeginningIsSigned(String format, String first, String second) {
        List<StreamEvent> events = read(format, first, second);
        assertThat(kinds(events)).containsExactly(PartKind.TEXT, PartKind.REDACTED_REASONING);
    }

    @Test
    void thinkUntilTheyAnswer() {
        List<StreamEvent> events = read(
                "openai-responses",
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'reasoning','id':'r','summary':[]}}",
                "{'type':'response.reasoning_text.delta','output_index':0,'content_index':0,'delta':'hm'}",
                "{'type':'response.output_item.added','output_index':1,'item':{'type':'message','id':'m','content':[]}}",
                "{'type':'response.output_text.delta','output_index':1,'content_index':0,'delta':'Hi'}",
                "{'type':'response.output_item.done','output_index':1,'item':{'type':'message','id':'m','content':[{'type':'output_text','text':'Hi'}]}}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'reasoning','id':'r','summary':[],'content':[{'type':'reasoning_text','text':'hm'}]}}");
        assertThat(kinds(events)).containsExactly(PartKind.REASONING, PartKind.TEXT);
        assertThat(events.indexOf(new StreamEvent.PartEnd(0)))
                .isLessThan(events.indexOf(new StreamEvent.PartDelta(1, "Hi")));
    }

    @Test
    void callTwiceWithOneIdForAll() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'x','function':{'name':'f','arguments':'{}'}}]}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'x','function':{'name':'g','arguments':'{}'}}]}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'x','function':{'name':'h','arguments':'{}'}}]},'finish_reason':'tool_calls'}]}");
        assertThat(kinds(events)).containsExactly(PartKind.TOOL_CALL, PartKind.TOOL_CALL, PartKind.TOOL_CALL);
        assertThat(events.stream()
                        .filter(StreamEvent.PartStart.class::isInstance)
                        .map(event -> ((StreamEvent.PartStart) event).callId()))
                .doesNotHaveDuplicates();
    }

    @Test
    void countMoreThoughtThanOutput() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}],'usage':{'prompt_tokens':33,"
                        + "'completion_tokens':7163,'total_tokens':7196,'reasoning_tokens':73180}}");
        assertThat(events).contains(new StreamEvent.UsageUpdate(new Usage(33, 0, 0, 7163 + 73180, 73180, false)));
    }

    /** As llama.cpp's server writes them. */
    @Test
    void tellItemsByTheirIdsAlone() {
        List<StreamEvent> events = read(
                "openai-responses",
                "{'type':'response.output_item.added','item':{'type':'reasoning','id':'r','summary':[]}}",
                "{'type':'response.reasoning_text.delta','item_id':'r','delta':'hm'}",
                "{'type':'response.output_item.added','item':{'type':'function_call','call_id':'c1','name':'f','arguments':''}}",
                "{'type':'response.function_call_arguments.delta','item_id':'c1','delta':'{\\'path\\':\\'a-long-name\\'}'}"
                        .replace("\\'", "\\\""),
                "{'type':'response.output_item.added','item':{'type':'function_call','call_id':'c2','name':'f','arguments':''}}",
                "{'type':'response.function_call_arguments.delta','item_id':'c2','delta':'{}'}",
                "{'type':'response.output_item.done','item':{'type':'reasoning','id':'r','content':[{'type':'reasoning_text','text':'hm'}]}}",
                "{'type':'response.output_item.done','item':{'type':'function_call','call_id':'c1','name':'f','arguments':'{\\'path\\':\\'a-long-name\\'}'}}"
                        .replace("\\'", "\\\""),
                "{'type':'response.output_item.done','item':{'type':'function_call','call_id':'c2','name':'f','arguments':'{}'}}");
        assertThat(kinds(events)).containsExactly(PartKind.REASONING, PartKind.TOOL_CALL, PartKind.TOOL_CALL);
        assertThat(text(events, 1)).isEqualTo("{\"path\":\"a-long-name\"}");
        assertThat(text(events, 2)).isEqualTo("{}");
        assertThat(events.stream().filter(StreamEvent.PartEnd.class::isInstance))
                .hasSize(3);
    }

    /** As vLLM's servers count them: with every delta, or on from the item before. */
    @ParameterizedTest
    @CsvSource({"false,0,1", "false,1,1", "true,1,1", "true,0,0"})
    void sayTheirTextOnceHoweverItsPiecesAreCounted(boolean announced, int first, int second) {
        List<String> data = new ArrayList<>(
                List.of(
                        "{'type':'response.output_item.added','output_index':0,'item':{'type':'reasoning','id':'r','summary':[]}}",
                        "{'type':'response.reasoning_text.delta','output_index':0,'content_index':0,'item_id':'r','delta':'h'}",
                        "{'type':'response.reasoning_text.delta','output_index':0,'content_index':1,'item_id':'r','delta':'m'}",
                        "{'type':'response.output_item.added','output_index':1,'item':{'type':'message','id':'m','content':[]}}"));
        if (announced) {
            data.add("{'type':'response.content_part.added','output_index':1,'content_index':" + first
                    + ",'item_id':'m'}");
        }
        data.addAll(
                List.of(
                        "{'type':'response.output_text.delta','output_index':1,'content_index':" + first
                                + ",'delta':'Hel'}",
                        "{'type':'response.output_text.delta','output_index':1,'content_index':" + second
                                + ",'delta':'lo'}",
                        "{'type':'response.output_text.done','output_index':1,'content_index':" + second
                                + ",'text':'Hello'}",
                        "{'type':'response.output_item.done','output_index':1,'item':{'type':'message','id':'m','content':[{'type':'output_text','text':'Hello'}]}}"));
        List<StreamEvent> events = read("openai-responses", data.toArray(String[]::new));
        assertThat(kinds(events)).containsExactly(PartKind.REASONING, PartKind.TEXT);
        assertThat(text(events, 0)).isEqualTo("hm");
        assertThat(text(events, 1)).isEqualTo("Hello");
        assertThat(events).contains(new StreamEvent.PartEnd(1));
    }

    /** Without any numbers or ids, and with parts that nobody has announced. */
    @Test
    void sayEachTextOnceWithoutNumbers() {
        List<StreamEvent> bare = read(
                "openai-responses",
                "{'type':'response.output_item.added','item':{'type':'message','content':[]}}",
                "{'type':'response.output_text.delta','delta':'Hi'}",
                "{'type':'response.output_item.done','item':{'type':'message','content':[{'type':'output_text','text':'Hi'}]}}");
        assertThat(kinds(bare)).containsExactly(PartKind.TEXT);
        assertThat(text(bare, 0)).isEqualTo("Hi");
        List<StreamEvent> several = read(
                "openai-responses",
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'message','id':'m','content':[]}}",
                "{'type':'response.output_text.done','output_index':0,'content_index':0,'text':'Hello'}",
                "{'type':'response.output_text.done','output_index':0,'content_index':1,'text':'Goodbye friend'}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'message','id':'m','content':["
                        + "{'type':'output_text','text':'Hello'},{'type':'output_text','text':'Goodbye friend'}]}}");
        assertThat(text(several, 0)).isEqualTo("Hello");
        assertThat(text(several, 1)).isEqualTo("Goodbye friend");
        assertThat(kinds(several)).hasSize(2);
    }

    private static String text(List<StreamEvent> events, int part) {
        return events.stream()
                .filter(event -> event instanceof StreamEvent.PartDelta delta && delta.part() == part)
                .map(event -> ((StreamEvent.PartDelta) event).text())
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The number of tokens to keep from the initial prompt is greater than the context length",
                "The input (131123 tokens) is longer than the model\\u0027s context length (131072 tokens).",
                "This model\\u0027s maximum context length is 8192 tokens."
            })
    void areOfARequestThatIsTooLong(String message) {
        List<StreamEvent> events = read(CHAT, "{'error':{'message':\"" + message + "\",'type':'BadRequestError'}}");
        assertThat(failure(events).kind()).isEqualTo(ErrorKind.CONTEXT_TOO_LONG);
        assertThat(failure(events).scope()).isEqualTo(ErrorScope.REQUEST);
    }

    @Test
    void keepAllThatASignatureIsOf() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'reasoning_details':[{'type':'reasoning.text','index':0,'text':'Let'}]}}]}",
                "{'choices':[{'index':0,'delta':{'reasoning_details':[{'type':'reasoning.text','index':0,'text':' me'}]}}]}",
                "{'choices':[{'index':0,'delta':{'reasoning_details':[{'type':'reasoning.text','index':0,'text':' see'}]}}]}",
                "{'choices':[{'index':0,'delta':{'reasoning_details':[{'type':'reasoning.text','index':0,'signature':'S'}]}}]}",
                "{'choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}]}");
        assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                StreamEvent.PartSeal.class,
                                seal -> assertThat(seal.opaque().payload()).contains("\"Let me see\"")));
    }

    @ParameterizedTest
    @CsvSource({
        "repetition_truncation,LENGTH",
        "model_context_window_exceeded,CONTEXT_FULL",
        "length,LENGTH",
        "something_new,OTHER"
    })
    void endInVendorsWords(String word, FinishReason reason) {
        List<StreamEvent> events =
                read(CHAT, "{'choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'" + word + "'}]}");
        assertThat(events).contains(new StreamEvent.Finish(0, reason, word));
    }

    @Test
    void failInWordsOfGroqsOwn() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'content':'Hi'}}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],'x_groq':{'id':'r','error':'over capacity'}}");
        assertThat(events).hasAtLeastOneElementOfType(StreamEvent.Failure.class);
    }

    /** What the gateway's client has asked for is its own. */
    @ParameterizedTest
    @ValueSource(strings = {"image_too_large", "invalid_image_url", "bio_policy"})
    void failByTheRequest(String code) {
        List<StreamEvent> events = read(
                "openai-responses",
                "{'type':'response.failed','response':{'id':'r','status':'failed','error':{'code':'" + code
                        + "','message':'no'}}}");
        assertThat(failure(events).scope()).isEqualTo(ErrorScope.REQUEST);
    }

    @Test
    void countWhatWasThoughtInTheTotalAlone() {
        List<StreamEvent> events =
                read(CHAT, "{'choices':[],'usage':{'prompt_tokens':7,'completion_tokens':12,'total_tokens':402}}");
        assertThat(events).contains(new StreamEvent.UsageUpdate(new Usage(7, 0, 0, 395, 383, false)));
    }

    @Test
    void beginWithWhoAnswers() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[],'id':'','model':'','prompt_filter_results':[]}",
                "{'id':'c','model':'gpt-x','choices':[{'index':0,'delta':{'content':'Hi'}}]}");
        assertThat(events.getFirst()).isEqualTo(new StreamEvent.Start("c", "gpt-x"));
    }

    /** As Copilot's and Azure's begin. */
    @Test
    void areNamedByTheFirstWhoHasAName() {
        List<StreamEvent> events = read(
                CHAT,
                "{'id':'','model':'gpt-x','choices':[{'index':0,'delta':{'role':'assistant','content':''}}]}",
                "{'id':'c','model':'','choices':[{'index':0,'delta':{'content':'Hi'}}]}");
        assertThat(events).startsWith(new StreamEvent.Start("c", "gpt-x"));
        assertThat(events.stream().filter(StreamEvent.Start.class::isInstance)).hasSize(1);
        String nameless =
                "{'id':'','model':'gpt-x','choices':[{'index':0,'delta':{'content':''},'finish_reason':'stop'}]}";
        assertThat(read(CHAT, nameless)).startsWith(new StreamEvent.Start("", "gpt-x"));
    }

    /** Some give every call the same index. */
    @Test
    void endACallWhereAnotherTakesItsIndex() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'b','function':{'name':'f','arguments':'{}'}}]}}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}");
        assertThat(events.stream().filter(StreamEvent.PartEnd.class::isInstance))
                .containsExactly(new StreamEvent.PartEnd(0), new StreamEvent.PartEnd(1));
    }

    /** Google says again with each event where the text so far comes from, and sometimes before there is any. */
    @Test
    void tellEachSourceOnce() {
        String grounding = "'groundingMetadata':{'groundingChunks':[{'web':{'uri':'https://a.example/','title':'A'}}],"
                + "'groundingSupports':[{'segment':{'startIndex':0,'endIndex':5},'groundingChunkIndices':[0]}]}";
        List<StreamEvent> events = read(
                GEMINI,
                "{'candidates':[{'content':{'parts':[]}," + grounding + "}]}",
                "{'candidates':[{'content':{'parts':[{'text':'Hello'}]}," + grounding + "}]}",
                "{'candidates':[{'content':{'parts':[{'text':' you'}]}," + grounding + ",'finishReason':'STOP'}]}");
        assertThat(events.stream().filter(StreamEvent.PartSource.class::isInstance))
                .hasSize(1);
    }

    /** Some say with every piece how the answer ends. */
    @Test
    void endWithTheirLastWord() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'reasoning_content':'Hm'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':0,'delta':{'content':'A'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':0,'delta':{'content':'B'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':0,'delta':{'content':'C'},'finish_reason':'length'}]}");
        assertThat(text(events)).isEqualTo("HmABC");
        assertThat(events.stream().filter(StreamEvent.PartStart.class::isInstance))
                .hasSize(2);
        assertThat(finishes(events)).containsExactly(FinishReason.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'STOP'", "''", "'FINISH_REASON_UNSPECIFIED'"})
    void endWithTheirLastWordAtGooglesToo(String first) {
        List<StreamEvent> events = read(
                GEMINI,
                "{'candidates':[{'content':{'parts':[]},'finishReason':" + first + "}]}",
                "{'candidates':[{'content':{'parts':[{'text':'A'}]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':'B'}]},'finishReason':'MAX_TOKENS'}]}");
        assertThat(text(events)).isEqualTo("AB");
        assertThat(finishes(events)).containsExactly(FinishReason.LENGTH);
    }

    /** A call that comes after the reason is complete all the same. */
    @Test
    void callBehindTheirReason() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'reasoning_content':'Hm'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]},"
                        + "'finish_reason':'tool_calls'}]}");
        assertThat(events.stream().filter(StreamEvent.PartEnd.class::isInstance))
                .hasSize(2);
        assertThat(finishes(events)).containsExactly(FinishReason.TOOL);
    }

    /** Some give no ids, and one number to all of their calls. */
    @ParameterizedTest
    @ValueSource(strings = {"", "'id':'',", "'id':null,"})
    void callTwiceWithoutIds(String id) {
        String call =
                "{'choices':[{'index':0,'delta':{'tool_calls':[{%s'function':{'name':'%s','arguments':'{%s}'}}]}}]}";
        List<StreamEvent> events = read(
                CHAT,
                call.formatted("'id':'',", "f", ""),
                call.formatted(id, "g", ""),
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}");
        assertThat(events.stream()
                        .flatMap(event ->
                                event instanceof StreamEvent.PartStart start ? Stream.of(start.name()) : Stream.of()))
                .containsExactly("f", "g");
    }

    /** Some repeat the name with each piece of what a call is called with. */
    @Test
    void callOnceWithTheNameRepeated() {
        String piece =
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'name':'f','arguments':'%s'}}]}}]}";
        List<StreamEvent> events = read(
                CHAT,
                piece.formatted("{"),
                piece.formatted("}"),
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}");
        assertThat(events.stream().filter(StreamEvent.PartStart.class::isInstance))
                .hasSize(1);
        assertThat(text(events)).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'object':'error','message':'slow down','type':'rate_limit_error','code':429}",
                "{'choices':null,'base_resp':{'status_code':1002,'status_msg':'rate limit'}}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'error'}],'error':{'code':429,'message':'slow'}}"
            })
    void failInWordsOfTheirOwn(String said) {
        assertThat(failure(read(CHAT, said)).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic-messages", "openai-responses"})
    void failWithoutSayingWhatTheEventIs(String format) {
        assertThat(failure(read(format, "{'error':{'type':'rate_limit_error','message':'slow'}}"))
                        .kind())
                .isEqualTo(ErrorKind.RATE_LIMITED);
    }

    /** What is said behind all that there is to say does not undo it. */
    @ParameterizedTest
    @ValueSource(strings = {"[DONE] ", "null", "done"})
    void areCompleteWhateverStandsBehind(String last) {
        List<StreamEvent> events =
                read(CHAT, "{'choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}]}", last);
        assertThat(events).noneMatch(StreamEvent.Failure.class::isInstance);
        assertThat(finishes(events)).containsExactly(FinishReason.STOP);
    }

    @Test
    void countNothingWhereNothingIsCounted() {
        assertThat(read("anthropic-messages", "{'type':'message_start','message':{'id':'m','content':[]}}"))
                .noneMatch(StreamEvent.UsageUpdate.class::isInstance);
    }

    /** How a server ends what has ended already, if it does so in a better word. */
    @Test
    void endInTheWordThatSaysMost() {
        assertThat(finishes(read(
                        GEMINI,
                        "{'candidates':[{'content':{'parts':[{'text':'A'}]},'finishReason':'STOP'}]}",
                        "{'candidates':[{'content':{'parts':[]},'finishReason':'SAFETY'}]}")))
                .containsExactly(FinishReason.CONTENT_FILTER);
        assertThat(
                        finishes(
                                read(
                                        CHAT,
                                        "{'choices':[{'index':0,'delta':{'content':'A'},'finish_reason':'stop'}]}",
                                        "{'choices':[{'index':0,'delta':{},'finish_reason':'length'}]}",
                                        "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':''}}]},'finish_reason':'stop'}]}")))
                .containsExactly(FinishReason.LENGTH);
    }

    /** The thought and its summary, of which the whole item has each again. */
    @Test
    void thinkOnceInTwoLists() {
        List<StreamEvent> events = read(
                "openai-responses",
                "{'type':'response.reasoning_text.delta','output_index':0,'content_index':0,'delta':'AAAA'}",
                "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':0,'delta':'SS'}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'reasoning','id':'r',"
                        + "'summary':[{'type':'summary_text','text':'SS'}],'content':[{'type':'reasoning_text','text':'AAAA'}]}}");
        assertThat(text(events)).isEqualTo("AAAA\n\nSS");
    }

    @Test
    void thinkOnceInTwoFields() {
        String chunk = "{'choices':[{'index':0,'delta':{'reasoning':'%s','reasoning_details':"
                + "[{'type':'reasoning.text','index':0,'text':'%s'}]}}]}";
        List<StreamEvent> events = read(CHAT, chunk.formatted("", "abc"), chunk.formatted("def", "def"));
        assertThat(text(events)).isEqualTo("abcdef");
    }

    /** Google's signature may come before the name of what it signs. */
    @Test
    void signACallBeforeItsName() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','extra_content':"
                        + "{'google':{'thought_signature':'SIG'}}}]}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'name':'f','arguments':'{}'}}]}}]}");
        assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                StreamEvent.PartSeal.class,
                                seal -> assertThat(seal.opaque().payload()).isEqualTo("SIG")));
    }

    /** Fragments of the same shape are told without being read as JSON. */
    @Test
    void callTwiceInFragmentsWithoutIds() {
        List<StreamEvent> events = read(
                CHAT,
                call("'name':'a','arguments':'{\\\"'"),
                call("'arguments':'x'"),
                call("'arguments':'\\\":'"),
                call("'arguments':'1'"),
                call("'arguments':'}'"),
                call("'name':'b','arguments':''"),
                call("'arguments':'{}'"),
                call("'name':'b','arguments':''"),
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}");
        assertThat(kinds(events)).containsExactly(PartKind.TOOL_CALL, PartKind.TOOL_CALL);
        assertThat(text(events, 0)).isEqualTo("{\"x\":1}");
        assertThat(text(events, 1)).isEqualTo("{}");
    }

    private static String call(String function) {
        return "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{" + function + "}}]}}]}";
    }

    @Test
    void callInAnObjectInsteadOfAList() {
        List<StreamEvent> events = read(
                CHAT,
                "{'choices':[{'index':0,'delta':{'role':'assistant','tool_calls':{'index':0,'id':'','type':'function','function':{'name':'f','arguments':'{'}}}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':{'index':0,'id':'','type':'function','function':{'name':null,'arguments':'}'}}},'finish_reason':'eos_token'}]}");
        assertThat(kinds(events)).containsExactly(PartKind.TOOL_CALL);
        assertThat(text(events, 0)).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"citationSources", "citations"})
    void tellWhatTheyRepeatOfKnownWorks(String list) {
        String metadata = "'citationMetadata':{'" + list + "':[{'endIndex':4,'uri':'https://a.example'},"
                + "{'startIndex':6,'endIndex':9,'uri':'https://b.example','title':'B'}]}";
        List<StreamEvent> events = read(
                GEMINI,
                "{'candidates':[{'content':{'parts':[{'text':'n\u00e9e, two'}]}," + metadata + "}]}",
                "{'candidates':[{'finishReason':'STOP'," + metadata + "}]}");
        assertThat(events.stream().filter(StreamEvent.PartSource.class::isInstance))
                .containsExactly(
                        new StreamEvent.PartSource(0, new Annotation("https://a.example", "", 0, 3, null)),
                        new StreamEvent.PartSource(0, new Annotation("https://b.example", "B", 5, 8, null)));
    }

    @Test
    void repeatNothingOfThePartBefore() {
        String metadata = "'citationMetadata':{'citationSources':[{'endIndex':5,'uri':'https://a.example'}]}";
        List<StreamEvent> events = read(
                GEMINI,
                "{'candidates':[{'content':{'parts':[{'text':'hello world'}]}," + metadata + "}]}",
                "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f','args':{}}}]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':'and then'}]}," + metadata + "}]}",
                "{'candidates':[{'finishReason':'STOP'," + metadata + "}]}");
        assertThat(events.stream().filter(StreamEvent.PartSource.class::isInstance))
                .containsExactly(new StreamEvent.PartSource(0, new Annotation("https://a.example", "", 0, 5, null)));
    }

    @Test
    void searchByToolsOfTheProvidersOwn() {
        List<StreamEvent> events = read(
                "openai-responses",
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'custom_tool_call','id':'c','call_id':'xs_call_1','name':'x_keyword_search','input':''}}",
                "{'type':'response.custom_tool_call_input.delta','output_index':0,'delta':'{}'}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'custom_tool_call','id':'c','call_id':'xs_call_1','name':'x_keyword_search','input':'{}'}}",
                "{'type':'response.output_text.delta','output_index':1,'content_index':0,'delta':'Hi'}",
                "{'type':'response.completed','response':{'id':'r','status':'completed','output':[]}}");
        assertThat(kinds(events)).containsExactly(PartKind.TEXT);
        assertThat(finishes(events)).containsExactly(FinishReason.STOP);
        assertThat(events).contains(new StreamEvent.OwnWork());
    }

    private static String text(List<StreamEvent> events) {
        return events.stream()
                .map(event -> event instanceof StreamEvent.PartDelta delta ? delta.text() : "")
                .collect(Collectors.joining());
    }

    private static List<FinishReason> finishes(List<StreamEvent> events) {
        return events.stream()
                .flatMap(event -> event instanceof StreamEvent.Finish finish ? Stream.of(finish.reason()) : Stream.of())
                .toList();
    }

    private static List<PartKind> kinds(List<StreamEvent> events) {
        return events.stream()
                .flatMap(event -> event instanceof StreamEvent.PartStart start ? Stream.of(start.kind()) : Stream.of())
                .toList();
    }

    private static ApiError failure(List<StreamEvent> events) {
        return events.stream()
                .flatMap(event -> event instanceof StreamEvent.Failure failed ? Stream.of(failed.error()) : Stream.of())
                .findFirst()
                .orElseThrow();
    }

    private static List<StreamEvent> read(String format, String... said) {
        List<StreamEvent> events = new ArrayList<>();
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        StreamDecoder decoder = Objects.requireNonNull(
                        ApiFormats.ofId(format).orElseThrow().codecs().get(Operation.CHAT))
                .streamDecoder(head, JsonLimits.DEFAULT);
        SseParser parser = new SseParser(10_000);
        for (String one : said) {
            byte[] bytes = ("data: " + one.replace('\'', '"') + "\n\n").getBytes(StandardCharsets.UTF_8);
            parser.feed(bytes, event -> decoder.decode(event, events::add));
        }
        decoder.end(events::add);
        return events;
    }
}
