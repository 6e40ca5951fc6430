package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another vendor of the same format has thought is taken out where it is refused, and said to be nothing where it is demanded. */
class HistoryThoughtsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // at the beginning, in the middle, at the end, all that there is of it
                "FORBIDDEN | {'reasoning':'x','role':'assistant','content':'a'} | {'role':'assistant','content':'a'}",
                "FORBIDDEN | {'role':'assistant', 'reasoning_content' : 'x' , 'content':'a'} | {'role':'assistant' , 'content':'a'}",
                "FORBIDDEN | {'role':'assistant','content':'a','reasoning_details':[{'reasoning':'x'}]} | {'role':'assistant','content':'a'}",
                "FORBIDDEN | {'reasoning_content':'x','reasoning':null,'role':'assistant','content':'a','reasoning_details':[]} | {'role':'assistant','content':'a'}",
                // nobody's but the model's, and nothing that only looks like it
                "FORBIDDEN | {'role':'user','reasoning':'x','content':'a'} | {'role':'user','reasoning':'x','content':'a'}",
                "FORBIDDEN | {'role':'assistant','content':[{'type':'text','text':'a','reasoning':'x'}]} | {'role':'assistant','content':[{'type':'text','text':'a','reasoning':'x'}]}",
                "ALLOWED | {'role':'assistant','reasoning':'x','content':'a'} | {'role':'assistant','reasoning':'x','content':'a'}",
                "REQUIRED | {'role':'assistant','tool_calls':[]} | {'reasoning_content':'','role':'assistant','tool_calls':[]}",
                "REQUIRED | {'role':'assistant','reasoning_content':'x','tool_calls':[]} | {'role':'assistant','reasoning_content':'x','tool_calls':[]}",
                "REQUIRED | {'role':'assistant','reasoning_content': null ,'tool_calls':[]} | {'role':'assistant','reasoning_content': '' ,'tool_calls':[]}",
                "REQUIRED | {'role':'assistant','content':'tool_calls'} | {'role':'assistant','content':'tool_calls'}"
            })
    void areAsTheProviderTakesThem(TargetProfile.Echo echo, String message, String expected) {
        String body = "{'reasoning':{'effort':'low'},'messages':[{'role':'user','content':'\u00e4'}, %s ],'model':'m'}";
        byte[] fitting =
                HistoryThoughts.fitting(bytes(body.formatted(message)), echo, "reasoning_content", JsonLimits.DEFAULT);
        assertThat(new String(fitting, StandardCharsets.UTF_8))
                .isEqualTo(new String(bytes(body.formatted(expected)), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
