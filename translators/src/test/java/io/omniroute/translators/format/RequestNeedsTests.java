package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a conversation needs and is about, in any format. */
class RequestNeedsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'messages':[{'role':'user','content':'first'},{'role':'assistant','content':'no'},{'role':'user','content':'last'}]} | last",
                "{'messages':[{'role':'user','content':'asks'},{'role':'assistant','tool_calls':[]},{'role':'tool','content':'error in line 3'}]} | asks",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'one'},{'type':'text','text':'two'}]}]} | one two",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'asks'}]},{'role':'user','content':[{'type':'tool_result','content':[{'type':'text','text':'result'}]}]}]} | asks",
                "{'messages':[{'content':[{'content':'result','type':'tool_result'},{'text':'goes on','type':'text'}],'role':'user'}]} | goes on",
                "{'input':[{'role':'user','content':[{'type':'input_text','text':'asks'}]},{'type':'function_call','arguments':'{}'},{'type':'function_call_output','output':[{'type':'input_text','text':'result'}]}]} | asks",
                "{'input':'asks'} | asks",
                "{'contents':[{'parts':[{'text':'asks'}]},{'role':'model','parts':[{'text':'no'}]},{'role':'user','parts':[{'functionResponse':{'response':{'text':'result'}}}]}]} | asks",
                "{'tools':[{'text':'no'}],'messages':[{'role':'assistant','content':'no'}]} | ^^"
            })
    void knowsWhatTheUserHasSaidLast(String body, String words) {
        assertThat(RequestNeeds.lastWords(bytes(body.replace('\'', '"')), JsonLimits.DEFAULT)
                        .replace('\n', ' '))
                .isEqualTo(words);
    }

    /** What a tool was called with is the client's, whatever its fields are called. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'assistant','content':[{'type':'tool_use','name':'f','input':{'type':'image'}}]}]}",
                "{'contents':[{'parts':[{'functionCall':{'name':'f','args':{'mimeType':'image/png','responseSchema':1}}}]}]}",
                "{'contents':[{'parts':[{'functionResponse':{'name':'f','response':{'mimeType':'image/png'}}}]}]}"
            })
    void needsNothingOfWhatToolsAreCalledWith(String body) {
        RequestNeeds needs = RequestNeeds.of(bytes(body.replace('\'', '"')), JsonLimits.DEFAULT);
        assertThat(needs.vision()).isFalse();
        assertThat(needs.structuredOutput()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'input':[{'type':'custom_tool_call','input':'x'},{'type':'message','content':[{'type':'input_image'}]}]}",
                "{'messages':[{'role':'assistant','content':[{'type':'tool_use','name':'f','input':{'a':1}}]},{'role':'user','content':[{'type':'image','source':{}}]}]}",
                "{'contents':[{'parts':[{'functionCall':{'name':'f','args':{}}}]},{'parts':[{'inlineData':{'mimeType':'image/png'}}]}]}"
            })
    void needsWhatStandsBehindThem(String body) {
        assertThat(RequestNeeds.of(bytes(body.replace('\'', '"')), JsonLimits.DEFAULT)
                        .vision())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'contents':[],'generationConfig':{'responseSchema':{'type':'OBJECT'}}}|true",
                "{'contents':[],'generation_config':{'response_json_schema':{'type':'object'}}}|true",
                "{'contents':[],'generationConfig':{'responseSchema':null,'responseJsonSchema':null}}|false"
            })
    void needsASchemaThatIsThere(String body, boolean structured) {
        assertThat(RequestNeeds.of(bytes(body.replace('\'', '"')), JsonLimits.DEFAULT)
                        .structuredOutput())
                .isEqualTo(structured);
    }

    /** Tools may stand among the items of a conversation. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'input':[{'type':'additional_tools','tools':[{'type':'function','name':'f','parameters':{'type':'image'}}]},{'role':'user','content':'hi'}]}|true",
                "{'input':[{'tools':[{'name':'f'}],'type':'tool_search_output'}]}|true",
                "{'input':[{'type':'additional_tools','tools':[]},{'role':'user','content':[{'tools':[1]}]}]}|false",
                "{'messages':[{'role':'user','tools':[1],'content':'hi'}]}|false"
            })
    void seesToolsAmongTheItems(String body, boolean tools) {
        RequestNeeds needs = RequestNeeds.of(bytes(body.replace('\'', '"')), JsonLimits.DEFAULT);
        assertThat(needs.tools()).isEqualTo(tools);
        assertThat(needs.vision()).isFalse();
    }

    /** A picture is not as many tokens as its bytes would be as text. */
    @Test
    void countsMediaAsWhatTheyAre() {
        String picture = "A".repeat(800_000);
        for (String part : new String[] {
            "{'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}}",
            "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'%s'}}",
            "{'inlineData':{'mimeType':'image/png','data':'%s'}}",
            "{'type':'input_image','image_url':'data:image/png;base64,%s'}"
        }) {
            String body = "{'messages':[{'role':'user','content':[%s,{'text':'%s'}]}]}"
                    .formatted(part.formatted(picture), "word ".repeat(400))
                    .replace('\'', '"');
            RequestNeeds needs = RequestNeeds.of(bytes(body), JsonLimits.DEFAULT);
            assertThat(needs.tokens()).isBetween(1_600L, 1_800L);
            assertThat(needs.vision()).isTrue();
        }
    }

    /** Texts count in full, however they are sent. */
    @Test
    void countsDocumentsThatAreText() {
        String words = "word ".repeat(40_000);
        for (String part : new String[] {
            "{'type':'document','source':{'type':'text','media_type':'text/plain','data':'%s'}}",
            "{'type':'file','file':{'file_data':'data:text/plain;base64,%s'}}"
        }) {
            String body = "{'messages':[{'role':'user','content':[%s]}]}"
                    .formatted(part.formatted(words))
                    .replace('\'', '"');
            assertThat(RequestNeeds.of(bytes(body), JsonLimits.DEFAULT).tokens())
                    .isGreaterThan(50_000);
        }
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
