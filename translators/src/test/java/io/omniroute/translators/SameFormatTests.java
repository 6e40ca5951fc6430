package io.omniroute.translators;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Reasoning;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request that has to be written anew for a provider of its own format keeps what only this format knows. */
class SameFormatTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai-chat|{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'hi','cache_control':{'type':'ephemeral'}}],'tenant':'t'}],'service_tier':'flex','metadata':{'a':'b'},'prediction':{'type':'content','content':'x'},'vendor':{'deep':[1]}}",
                "openai-chat|{'model':'m','messages':[{'role':'user','content':'hi'}],'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}},'cache_control':{'type':'ephemeral','ttl':'1h'}}],'web_search_options':{'search_context_size':'low'}}",
                "openai-chat|{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'hi','prompt_cache_breakpoint':{'mode':'explicit'}}]}],'top_k':4,'user':'u','safety_identifier':'s','service_tier':'priority'}",
                "openai-responses|{'model':'m','input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'hi','prompt_cache_breakpoint':{'mode':'explicit'}}]}],'user':'u','safety_identifier':'s','store':false,'include':['reasoning.encrypted_content','file_search_call.results'],'text':{'note':'n'},'tools':[{'type':'web_search_preview'}],'tool_choice':{'type':'web_search_preview'}}",
                "gemini|{'contents':[{'role':'user','parts':[{'inlineData':{'mimeType':'image/png','data':'aGk='},'mediaResolution':{'level':'MEDIA_RESOLUTION_LOW'}}]},{'role':'model','parts':[{'text':'one','thoughtSignature':'c2ln'},{'text':'two','thoughtSignature':'c2ln'}]},{'role':'user','parts':[{'text':'go on'}]}],'serviceTier':'flex','toolConfig':{'retrievalConfig':{'languageCode':'de'}}}",
                "anthropic-messages|{'model':'m','max_tokens':2000,'output_config':{'task_budget':{'total':9}},'metadata':{'user_id':'u','team':'t'},'tools':[{'type':'web_search_20250305','name':'web_search'}],'tool_choice':{'type':'auto','note':'n'},'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':[{'type':'tool_use','id':'toolu_1','name':'f','input':{},'caller':{'type':'code_execution_20250825','tool_id':'x'}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'toolu_1','content':'ok'}]}]}",
                "anthropic-messages|{'model':'m','max_tokens':2000,'thinking':{'type':'enabled','budget_tokens':1024,'display':'omitted'},'messages':[{'role':'user','content':'hi'}]}",
                "openai-chat|{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'hi','weight':3},{'type':'image_url','image_url':{'url':'data:image/png;base64,aGk='},'note':'n'}]},{'role':'assistant','content':null,'tool_calls':[{'id':'call_1','type':'function','function':{'name':'f','arguments':'{}'},'note':'n'}]},{'role':'tool','tool_call_id':'call_1','content':'ok','note':'n'}]}",
                "openai-responses|{'model':'m','input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'hi','weight':3},{'type':'input_image','image_url':'data:image/png;base64,aGk=','detail':'auto','note':'n'}]},{'type':'function_call','call_id':'call_1','name':'f','arguments':'{}','note':'n'},{'type':'function_call_output','call_id':'call_1','output':'ok','note':'n'}],'store':false}",
                "gemini|{'contents':[{'role':'user','parts':[{'text':'hi','partMetadata':{'a':1}},{'inlineData':{'mimeType':'video/mp4','data':'aGk='},'videoMetadata':{'fps':2}}]}],'tools':[{'functionDeclarations':[{'name':'f','behavior':'BLOCKING'}]}]}",
                "anthropic-messages|{'model':'m','max_tokens':10,'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'aGk='},'note':'n'},{'type':'text','text':'hi','note':'n'}]},{'role':'assistant','content':[{'type':'tool_use','id':'toolu_1','name':'f','input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'toolu_1','content':'ok','note':'n'}]}]}",
                "openai-chat|{'model':'m','messages':[{'role':'user','content':'hi'}],'tools':[{'type':'function','function':{'name':'2fa_send','parameters':{'type':'object'}}}]}",
                "openai-responses|{'model':'m','input':[{'type':'additional_tools','role':'developer','tools':[{'type':'custom','name':'apply_patch'},{'type':'namespace','name':'n','tools':[{'type':'function','name':'f','parameters':{'type':'object'}}]}]},{'type':'message','role':'user','content':[{'type':'input_text','text':'hi'}]}],'tool_choice':{'type':'custom','name':'apply_patch'},'parallel_tool_calls':false,'store':false}",
                "gemini|{'contents':[{'role':'user','parts':[{'inlineData':{'mimeType':'application/pdf','data':'aGk='},'mediaResolution':{'level':'MEDIA_RESOLUTION_LOW'}}]}]}",
                "openai-responses|{'model':'m','input':[{'type':'message','role':'assistant','content':[{'type':'output_text','text':'first','annotations':[]}],'phase':'commentary'},{'type':'message','role':'assistant','content':[{'type':'output_text','text':'then','annotations':[]}],'phase':'final_answer'},{'type':'message','role':'user','content':[{'type':'input_text','text':'hi'}]}],'truncation':'auto','store':false}",
                "gemini|{'contents':[{'role':'user','parts':[{'text':'hi'}]}],'generationConfig':{'topK':3,'mediaResolution':'MEDIA_RESOLUTION_LOW','speechConfig':{'languageCode':'de'}},'safetySettings':[{'category':'HARM_CATEGORY_HARASSMENT','threshold':'BLOCK_NONE'}]}",
                "openai-responses|{'model':'m','input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'hi'},{'type':'input_file','filename':'a.csv','file_data':'data:text/plain;base64,aGk='}]}],'reasoning':{'mode':'pro','generate_summary':'auto'},'store':false}",
                "openai-responses|{'model':'m','input':[{'type':'message','role':'system','content':[{'type':'input_text','text':'x','weight':3}]},{'type':'message','role':'user','content':[{'type':'input_text','text':'hi'}]},{'type':'function_call','call_id':'call_1','name':'close.agent','namespace':'agents.v1','arguments':'{}'},{'type':'function_call_output','call_id':'call_1','output':[{'type':'input_text','text':'one'},{'type':'input_text','text':'two','note':'n'}]}],'tools':[{'type':'namespace','name':'agents.v1','tools':[{'type':'function','name':'close.agent','parameters':{'type':'object'},'strict':false}]}],'tool_choice':{'type':'function','name':'close.agent','namespace':'agents.v1'},'store':false}",
                "openai-chat|{'model':'m','messages':[{'role':'user','content':[{'type':'input_audio','input_audio':{'data':'aGk=','format':'wav'},'note':'n'},{'type':'video_url','video_url':{'url':'https://a.example/f.mp4'},'note':'n'},{'type':'file','file':{'file_data':'data:text/plain;base64,aGk='},'note':'n'}]},{'role':'assistant','content':null,'tool_calls':[{'id':'call_1','type':'custom','custom':{'name':'run','input':'x'},'note':'n'}]},{'role':'tool','tool_call_id':'call_1','name':'run','content':[{'type':'text','text':'one'},{'type':'text','text':'two','weight':2}]}]}",
                "gemini|{'contents':[{'role':'user','parts':[{'text':'hi'},{'inlineData':{'mimeType':'text/plain','data':'aGk='}}]},{'role':'model','parts':[{'text':'so','thoughtSignature':'c2ln','partMetadata':{'a':1}},{'functionCall':{'id':'fc-1','name':'weather.get','args':{},'willContinue':false},'thoughtSignature':'c2ln','partMetadata':{'b':1}}]},{'role':'user','parts':[{'functionResponse':{'id':'fc-1','name':'weather.get','response':{'output':'sun'},'scheduling':'SILENT'},'partMetadata':{'c':1}}]}],'tools':[{'functionDeclarations':[{'name':'weather.get'}]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['weather.get']}}}",
                "anthropic-messages|{'model':'m','max_tokens':10,'tools':[{'name':'a_name_of_a_tool_that_is_longer_than_what_other_providers_take_at_most_0123','input_schema':{'type':'object'}}],'tool_choice':{'type':'tool','name':'a_name_of_a_tool_that_is_longer_than_what_other_providers_take_at_most_0123'},'messages':[{'role':'user','content':'hi'}]}",
                "openai-chat|{'model':'m','messages':[{'role':'user','content':[{'type':'document_url','document_url':{'url':'https://a.example/r.pdf','note':'n'},'document_name':'r','cache_control':{'type':'ephemeral'}},{'type':'document_url','document_url':'https://a.example/s.pdf'}]}]}",
                "anthropic-messages|{'model':'m','max_tokens':10,'messages':[{'role':'user','content':[{'type':'document','title':'t','source':{'type':'content','content':[{'type':'text','text':'x'}]},'citations':{'enabled':true},'cache_control':{'type':'ephemeral'}}]}]}",
                "anthropic-messages|{'model':'m','max_tokens':10,'messages':[{'role':'user','content':[{'type':'search_result','source':'s','title':'t','content':[{'type':'text','text':'x'}],'citations':{'enabled':true},'cache_control':{'type':'ephemeral'}}]}]}",
                "anthropic-messages|{'model':'m','max_tokens':10,'messages':[{'role':'user','content':'hi'}],'context_management':{'edits':[]},'tools':[{'name':'f','input_schema':{'type':'object'},'defer_loading':true}]}"
            })
    void keepsItsOwnFields(String id, String written) {
        String body = written.replace('\'', '"');
        ApiFormat format = ApiFormats.ofId(id).orElseThrow();
        boolean gemini = id.equals("gemini");
        Endpoint endpoint =
                new Endpoint(format, Operation.CHAT, null, gemini ? "m" : null, gemini ? "generateContent" : "");
        ChatRequest request = format.chat().decode(body.getBytes(StandardCharsets.UTF_8), endpoint, CarrierSeal.NONE);
        TargetProfile target = TargetProfile.unknown("p", "m");
        Translation translation = new Translation(format, request, format, target, CarrierSeal.NONE, true);
        assertThat(JSON.readTree(translation.body())).isEqualTo(JSON.readTree(body));
        assertThat(translation.losses()).isEmpty();
    }

    /** What cannot be said is not half said: a container without what the writer has to say in it means something else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "anthropic-messages|{'model':'m','max_tokens':9,'thinking':{'type':'adaptive','display':'omitted'},'messages':[{'role':'user','content':'hi'}]}|thinking",
                "openai-responses|{'model':'m','input':'hi','reasoning':{'effort':'low','summary':'detailed'}}|reasoning"
            })
    void leavesNoHalfOfAContainer(String id, String written, String container) {
        ApiFormat format = ApiFormats.ofId(id).orElseThrow();
        ChatRequest request = format.chat()
                .decode(
                        written.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                        new Endpoint(format, Operation.CHAT, null, null),
                        CarrierSeal.NONE);
        ChatRequest off = request.change()
                .reasoning(new Reasoning(Reasoning.Mode.OFF, null, null, null))
                .build();
        Translation translation =
                new Translation(format, off, format, TargetProfile.unknown("p", "m"), CarrierSeal.NONE, false);
        JsonNode shown = JSON.readTree(translation.body()).path(container);
        assertThat(shown.has("display") || shown.has("summary")).isFalse();
    }
}
