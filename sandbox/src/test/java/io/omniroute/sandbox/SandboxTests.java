package io.omniroute.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every behaviour of the sandbox, the vendor's refusals, and its books. */
@ExtendWith(SandboxExtension.class)
class SandboxTests {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @ParameterizedTest
    @CsvSource({"'',true", "',\"store\":true',true", "',\"store\":false',false"})
    void saysWhetherAnAnswerIsToBeKept(String asked, boolean said, Sandbox sandbox) throws Exception {
        for (String stream : List.of("false", "true")) {
            String body = "{\"model\":\"m\",\"input\":\"x\",\"stream\":" + stream + asked + "}";
            assertThat(post(sandbox, "sandbox-keeps", "/v1/responses", body).body())
                    .contains("\"store\":" + said)
                    .doesNotContain("\"store\":" + !said);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503            | false | 503 | overloaded",
                "404            | false | 404 | model_not_found",
                "429-retry-2s   | false | 429 | Rate limit reached",
                "missing        | false | 404 | does not exist",
                "error-200      | false | 200 | {\"error\"",
                "html-502       | false | 502 | <html>",
                "words-3        | false | 200 | \"the sandbox answers\"",
                "no-usage       | false | 200 | \"finish_reason\":\"stop\"",
                "first-error    | true  | 200 | data: {\"error\"",
                "late-error     | true  | 200 | data: {\"error\"",
                "no-finish      | true  | 200 | data: [DONE]",
                "no-done        | true  | 200 | \"finish_reason\":\"stop\"",
                "malformed      | true  | 200 | data: {\"id\": \"chatcmpl-",
                "crlf           | true  | 200 | [DONE]",
                "comments       | true  | 200 | : SANDBOX PROCESSING",
                "bytes          | true  | 200 | data: [DONE]",
                "whole          | true  | 200 | chat.completion",
                "think-30ms     | true  | 200 | : thinking",
                "drip-5ms       | true  | 200 | data: [DONE]",
                "slow-30ms      | false | 200 | all is well"
            })
    void behaves(String model, boolean stream, int status, String contains, Sandbox sandbox) throws Exception {
        HttpResponse<String> answer = chat(sandbox, "sandbox-behaves", model, stream);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(contains);
        switch (model) {
            case "no-finish" -> assertThat(answer.body()).doesNotContain("\"finish_reason\":\"");
            case "no-done" -> assertThat(answer.body()).doesNotContain("[DONE]");
            case "no-usage" -> assertThat(answer.body()).doesNotContain("\"usage\"");
            case "whole" ->
                assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            case "crlf" -> assertThat(answer.body()).endsWith("\r\n\r\n");
            case "429-retry-2s" ->
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
            default ->
                assertThat(answer.headers().firstValue("openai-organization")).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip,false", "gzip,true", "gzip-context,false"})
    void compresses(String model, boolean stream, Sandbox sandbox) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + sandbox.port() + "/v1/chat/completions"))
                .header("Authorization", "Bearer sandbox-compresses")
                .POST(HttpRequest.BodyPublishers.ofString(body(model, stream, "\"user\":\"u\"")))
                .build();
        HttpResponse<InputStream> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (InputStream plain = new GZIPInputStream(answer.body())) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(stream ? "[DONE]" : model.equals("gzip") ? "all is well" : "context_length_exceeded");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "please call f with {'a': 'x}'} | f | {\\\"a\\\":\\\"x}\\\"}",
                "call g with {'b': 1} now       | g | {\\\"b\\\":1}",
                "call nobody with {}            | ? | ?",
                "said: 'call g with {~'b~': 1}' | g | {\\\"b\\\":1}",
                "call f with {no JSON}          | f | {\\\"a\\\":\\\"sandbox\\\"}",
                "hello                          | f | {\\\"a\\\":\\\"sandbox\\\"}"
            })
    void callsTheToolThatItIsToldTo(String said, String name, String arguments, Sandbox sandbox) throws Exception {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "chat");
        for (String tool : List.of("f", "g")) {
            ObjectNode function = body.withArray("tools")
                    .addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", tool);
            ObjectNode properties =
                    function.putObject("parameters").put("type", "object").putObject("properties");
            if (tool.equals("f")) {
                properties.putObject("a").put("type", "string");
            }
        }
        body.withArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", said.replace('\'', '"').replace('~', '\\'));
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + "/chat/completions"))
                .header("Authorization", "Bearer sandbox-told")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        String answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        if (name.equals("?")) {
            assertThat(answer).contains("all is well");
        } else {
            assertThat(answer).contains("\"name\":\"" + name + "\"", arguments);
        }
    }

    @Test
    void sendsHugeEmptyAndMalformedBodies(Sandbox sandbox) throws Exception {
        assertThat(chat(sandbox, "sandbox-odd", "huge", false).body().length()).isGreaterThan(20_000_000);
        assertThat(chat(sandbox, "sandbox-odd", "huge", true).body().length()).isGreaterThan(2_000_000);
        assertThat(chat(sandbox, "sandbox-odd", "empty", false).body()).isEmpty();
        assertThat(chat(sandbox, "sandbox-odd", "malformed", false).body()).doesNotEndWith("}");
    }

    @Test
    void doesNotEndWell(Sandbox sandbox) throws Exception {
        Map<String, Future<HttpResponse<String>>> answers = new LinkedHashMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String model : List.of("reset", "cut", "hang", "stall")) {
                answers.put(model, clients.submit(() -> chat(sandbox, "sandbox-ends", model, false)));
            }
            for (String model : List.of("cut", "stall", "linger")) {
                answers.put(model + " of a stream", clients.submit(() -> chat(sandbox, "sandbox-ends", model, true)));
            }
        }
        answers.forEach((model, answer) -> {
            // what neither ends nor goes on is given up by the client; all others hear of an end
            boolean endless = model.startsWith("hang") || model.startsWith("stall") || model.startsWith("linger");
            assertThatThrownBy(answer::get)
                    .as(model)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .cause()
                    .isInstanceOf(endless ? TimeoutException.class : ExecutionException.class);
        });
    }

    @Test
    void takesItsOrdersFromTheKeyAndFromAScriptToo(Sandbox sandbox) throws Exception {
        assertThat(chat(sandbox, "sandbox-503", "chat", false).statusCode()).isEqualTo(503);
        sandbox.script("sandbox-503", "429", "words-2");
        assertThat(chat(sandbox, "sandbox-503", "chat", false).statusCode()).isEqualTo(429);
        assertThat(chat(sandbox, "sandbox-503", "chat", false).statusCode()).isEqualTo(200);
        assertThat(chat(sandbox, "sandbox-503", "chat", false).statusCode()).isEqualTo(503);
        String posted = control(sandbox, "POST", "/scripts", "{\"key\":\"sandbox-p\",\"steps\":[\"500\"]}");
        assertThat(posted).contains("\"steps\":1");
        assertThat(chat(sandbox, "sandbox-p", "chat", false).statusCode()).isEqualTo(500);
        assertThat(control(sandbox, "POST", "/scripts", "{}")).contains("expected");
    }

    @Test
    void writesAThoughtIntoItsText(Sandbox sandbox) throws Exception {
        String answer = post(sandbox, "sandbox-tagged", "/v1/chat/completions", body("tagged", false, "\"n\":1"))
                .body();
        assertThat(answer).contains("\"content\":\"<think>Let me think about that.</think>\\n\\nYou said");
    }

    @Test
    void callsToolsInParallelAndFillsSchemas(Sandbox sandbox) throws Exception {
        String tools =
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"one\",\"parameters\":{\"type\":\"object\","
                        + "\"properties\":{\"n\":{\"type\":\"integer\"},\"e\":{\"enum\":[\"x\"]}}}}},"
                        + "{\"type\":\"function\",\"function\":{\"name\":\"two\"}}]";
        String answer = post(sandbox, "sandbox-t", "/v1/chat/completions", body("parallel", false, tools))
                .body();
        assertThat(answer).contains("\"one\"").contains("\"two\"").contains("{\\\"n\\\":42,\\\"e\\\":\\\"x\\\"}");
        assertThat(post(sandbox, "sandbox-t", "/v1/chat/completions", body("chat", true, tools))
                        .body())
                .contains("\"finish_reason\":\"tool_calls\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}                                   | you must provide a model",
                "{\"model\":\"m\",\"messages\":[]}                                                        | too short",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}                  | Invalid value: 'robot'",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"x\"}]} | must be a response to",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}]} | did not have response",
                "{\"model\":\"m\",\"stream_options\":{},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | only allowed when 'stream'",
                "{\"model\":\"m\",\"temperature\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | out of range",
                "{\"model\":\"m\",\"tool_choice\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | only allowed when 'tools'",
                "{\"model\":\"m\",\"response_format\":{\"type\":\"xml\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | Invalid value: 'xml'",
                "nonsense                                                                                 | could not parse"
            })
    void refusesWhatTheVendorRefuses(String body, String message, Sandbox sandbox) throws Exception {
        HttpResponse<String> answer = post(sandbox, "sandbox-r", "/v1/chat/completions", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(message).contains("invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1beta/models/m:generateContent|{'contents':[{'role':'user','parts':[{'text':'x'}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':{}},'thoughtSignature':'skip_thought_signature_validator'},{'functionCall':{'name':'g','args':{}}}]},{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}]}|number of function response parts",
                "/v1beta/models/m:generateContent|{'contents':[{'role':'user','parts':[{'text':'x'}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':{}},'thoughtSignature':'skip_thought_signature_validator'}]}]}|immediately after a function call turn",
                "/v1beta/models/m:generateContent|{'contents':[{'role':'user','parts':[{'text':'x'}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':{}}}]},{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}]}|missing a thought_signature",
                "/v1beta/models/m:generateContent|{'contents':[{'role':'user','parts':[{'text':'x'}]},{'role':'user','parts':[{'text':'y'}]}]}|alternate",
                "/v1beta/models/m:generateContent|{'contents':[{'parts':[{'text':'x'}]}],'generationConfig':{'thinkingConfig':{'thinkingBudget':0,'includeThoughts':true}}}|only enabled when thinking",
                "/v1beta/models/m:generateContent|{'contents':[{'parts':[{'text':'x'}]}],'tools':[{'functionDeclarations':[{'name':'f'}]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY'}},'generationConfig':{'responseMimeType':'application/json'}}|Forced function calling",
                "/v1/responses|{'model':'m','input':[{'role':'user','content':'x'},{'type':'reasoning','id':'rs','summary':[],'encrypted_content':'made up'},{'type':'message','role':'assistant','content':'y'}]}|could not be verified",
                "/v1/responses|{'model':'m','input':[{'type':'function_call','call_id':'a','name':'f','arguments':'{}'}]}|No tool output found",
                "/v1/responses|{'model':'m','input':[{'type':'function_call_output','call_id':'a','output':'x'}]}|No tool call found",
                "/v1/responses|{'model':'m','input':'x','reasoning':{'effort':'minimal'},'tools':[{'type':'web_search'}]}|cannot be used with reasoning.effort",
                "/v1/messages|{'model':'m','messages':[{'role':'user','content':'x'}]}|max_tokens: Field required",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},{'role':'user','content':'y'}]}|tool_use",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},{'role':'user','content':[{'type':'text','text':'y'},{'type':'tool_result','tool_use_id':'a','content':'z'}]}]}|must come before other content",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':'made up'},{'type':'text','text':'y'}]},{'role':'user','content':'z'}]}|block",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'redacted_thinking','data':'x'}]},{'role':'user','content':'z'}]}|final block in an assistant message",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'}],'stop_sequences':[' ']}|non-whitespace",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':'so: '}]}|trailing whitespace",
                "/v1/messages|{'model':'m','max_tokens':9,'cache_control':{},'messages':[{'role':'user','content':[{'type':'text','text':'1','cache_control':{}},{'type':'text','text':'2','cache_control':{}},{'type':'text','text':'3','cache_control':{}},{'type':'text','text':'4','cache_control':{}}]}]}|Found 5",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'}],'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}}}|must be explicitly set to false",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'}],'output_config':{'format':{'type':'json_schema','schema':{'type':'object','additionalProperties':false,'properties':{'a':{'$ref':'#'}}}}}}|Recursive",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'}],'tools':[{'name':'f','strict':true,'input_schema':{'type':'object','additionalProperties':false,'properties':{'a':{'type':'string','minLength':1}}}}]}|minLength",
                "/v1/chat/completions|{'model':'mistral-x','messages':[{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'call_1','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'call_1','content':'y'}]}|length of 9",
                "/v1/chat/completions|{'model':'mistral-x','messages':[{'role':'assistant','tool_calls':[{'id':'abcdefghi','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'abcdefghi','content':'y'},{'role':'user','content':'x'}]}|after role 'tool'",
                "/v1/chat/completions|{'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'a','content':[{'type':'image_url'}]}]}|text only",
                "/v1/chat/completions|{'model':'m','reasoning_effort':'huge','messages':[{'role':'user','content':'x'}]}|Invalid value: 'huge'",
                "/v1/chat/completions|{'model':'m','messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_schema','json_schema':{'name':'n','strict':true,'schema':{'type':'object','additionalProperties':false,'properties':{'a':{'type':'string'}}}}}}|Missing 'a'",
                "/v1/chat/completions|{'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':{}}}]},{'role':'tool','tool_call_id':'a','content':'y'}]}|Missing required parameter",
                "/v1/chat/completions|{'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'a123456789012345678901234567890123456789x','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'a','content':'y'}]}|maximum length 40",
                "/v1/messages|{'model':'m','max_tokens':2000,'thinking':{'type':'enabled','budget_tokens':1024},'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','content':'y'}]}]}|must start with a thinking block",
                "/v1/messages|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','content':[{'type':'input_text','text':'y'}]}]}]}|does not match any of the expected tags",
                "/v1/messages/count_tokens|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'}]}|could not parse",
                "/v1/messages/count_tokens|{'model':'m','messages':[{'role':'robot','content':'x'}]}|robot",
                "/v1beta/models/m:countTokens|{'contents':[{'role':'robot','parts':[{'text':'x'}]}]}|valid role",
                "/v1beta/models/m:generateContent|{'contents':[{'role':'model','parts':[{'functionCall':{'name':'f','args':{}},'thoughtSignature':'skip_thought_signature_validator'}]},{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}]}|immediately after a user turn",
                "/v1/responses|{'model':'m','input':'x','tools':[{'type':'function','name':'f','strict':true,'parameters':{'type':['object','null'],'properties':{}}}]}|'additionalProperties' is required",
                "/v1/responses|{'model':'m','input':'x','tools':[{'type':'function','name':'f','strict':true,'parameters':{'type':'object','properties':{}}}]}|'additionalProperties' is required",
                "/v1beta/models/gemini-2.5-x:generateContent|{'contents':[{'parts':[{'text':'x'}]}],'tools':[{'functionDeclarations':[{'name':'f'}]}],'generationConfig':{'responseSchema':{'type':'object'}}}|is unsupported",
                "/v1beta/models/m:generateContent|{'contents':[{'parts':[{'text':'x'}]}],'generationConfig':{'thinkingConfig':{'thinkingBudget':1,'thinkingLevel':'LOW'}}}|only set one",
                "/v1beta/models/m:generateContent|{'contents':[{'parts':[{'text':'x'}]}],'tools':[{'functionDeclarations':[{'name':'f','parametersJsonSchema':{'$ref':'#/$defs/a','description':'b'}}]}]}|siblings"
            })
    void refusesWhatOtherVendorsRefuse(String path, String body, String message, Sandbox sandbox) throws Exception {
        HttpResponse<String> answer = post(sandbox, "sandbox-v", path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
    }

    @Test
    void refusesKeysOfTheGatewayAndUnknownPaths(Sandbox sandbox) throws Exception {
        assertThat(chat(sandbox, "sk-omni-something", "chat", false).statusCode())
                .isEqualTo(401);
        assertThat(chat(sandbox, "", "chat", false).statusCode()).isEqualTo(401);
        assertThat(post(sandbox, "sandbox-x", "/v1/nothing", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsBooks(Sandbox sandbox) throws Exception {
        chat(sandbox, "sandbox-books", "words-40", false);
        chat(sandbox, "sandbox-books", "words-40", true);
        Books books = sandbox.books("sandbox-books");
        assertThat(books.calls()).isEqualTo(2);
        assertThat(books.inputTokens()).isPositive();
        assertThat(books.outputTokens()).isGreaterThan(60);
        assertThat(books.microDollars()).isEqualTo(books.inputTokens() + 3 * books.outputTokens());
        assertThat(books.last().headers()).containsEntry("authorization", "Bearer sandbox-books");
        assertThat(control(sandbox, "GET", "/books/sandbox-books", ""))
                .contains("\"calls\":2")
                .contains("words-40");
        assertThat(control(sandbox, "GET", "/books", "")).contains("sandbox-books");
        assertThat(control(sandbox, "GET", "/nothing", "")).contains("unknown");
    }

    @Test
    void isDescribedByItsPage() throws IOException {
        String page = Files.readString(Path.of("../docs/sandbox.md"));
        Arrays.stream(Behaviour.values())
                .forEach(behaviour ->
                        assertThat(page).contains("| `" + behaviour.written() + "` | " + behaviour.meaning() + " |"));
    }

    private static HttpResponse<String> chat(Sandbox sandbox, String key, String model, boolean stream)
            throws IOException, InterruptedException {
        return post(sandbox, key, "/v1/chat/completions", body(model, stream, "\"user\":\"u\""));
    }

    private static String body(String model, boolean stream, String more) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream + "," + more
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }

    /** Fails with an IOException where the answer is not there in time: the client's own timeout ends with the head. */
    private static HttpResponse<String> post(Sandbox sandbox, String key, String path, String body)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = HTTP.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sandbox.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get(key.equals("sandbox-ends") ? 8 : 60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            answer.cancel(true);
            throw new IOException(failed);
        }
    }

    private static String control(Sandbox sandbox, String method, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sandbox.controlPort() + path))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
