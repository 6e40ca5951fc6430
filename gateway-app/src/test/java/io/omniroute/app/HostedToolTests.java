package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What providers do or keep for an organisation, nobody gets at without the right to it. */
@ExtendWith(SandboxExtension.class)
class HostedToolTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static Gateway gateway;
    private static String plain;
    private static String granted;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, Wire.providers(sandbox) + """
                omniroute.providers.files.base-url=%s
                omniroute.providers.files.formats=openai-chat
                omniroute.providers.files.connections.main.api-key=sandbox-files
                omniroute.providers.files.facts.kept-schemes=ms,fileid
                """.formatted(sandbox.baseUrl()));
        plain = gateway.key();
        granted = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.HOSTED_TOOLS), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void leavesOutWhatTheKeyHasNoScopeFor(Wire wire, Sandbox sandbox) {
        ObjectNode body = withSearch(wire, List.of("get_weather"));
        HttpResponse<String> answer = gateway.post(path(wire), plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .hasValue("hosted-tools-not-granted;path=tools");
        assertThat(received(sandbox)).contains("get_weather").doesNotContain("earch");
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void leavesNothingBehindWhereThereIsNoOtherTool(Wire wire, Sandbox sandbox) {
        HttpResponse<String> answer =
                gateway.post(path(wire), plain, withSearch(wire, List.of()).toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(received(sandbox)).doesNotContain("tools", "earch");
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void passesOnWhatTheKeyHasTheScopeFor(Wire wire, Sandbox sandbox) {
        HttpResponse<String> answer =
                gateway.post(path(wire), granted, withSearch(wire, List.of()).toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .isEmpty();
        assertThat(received(sandbox)).contains("earch");
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void refusesAStrictClient(Wire wire) {
        HttpResponse<String> answer = gateway.send(gateway.request(path(wire), plain)
                .header("content-type", "application/json")
                .header("X-OmniRoute-Strict", "true")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                        withSearch(wire, List.of()).toString()))
                .build());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("hosted-tools");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGES|{\"type\":\"tool\",\"name\":\"web_search\"}",
                "MESSAGES|{\"type\":\"any\"}",
                "RESPONSES|{\"type\":\"web_search\"}",
                "RESPONSES|\"required\"",
                "RESPONSES|{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"web_search\"}]}"
            })
    void refusesWhereTheModelIsToldToUseIt(Wire wire, String choice) {
        ObjectNode body = withSearch(wire, List.of());
        body.set("tool_choice", JSON.readTree(choice));
        HttpResponse<String> answer = gateway.post(path(wire), plain, body.toString());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("web_search");
    }

    /** As programs write it that have a field for every kind of tool. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void asksForNoneByANull(Wire provider, Sandbox sandbox) {
        ObjectNode body = Wire.GEMINI.ask("", false, "Hi", List.of("get_weather"));
        ((ObjectNode) body.at("/tools/0")).putNull("codeExecution").putNull("googleSearch");
        HttpResponse<String> answer = gateway.post(Wire.GEMINI.path(model(provider), false), plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .isEmpty();
        assertThat(received(sandbox)).contains("get_weather");
        ((ObjectNode) body.at("/tools/0")).putNull("functionDeclarations").putObject("googleSearch");
        assertThat(gateway.post(path(Wire.GEMINI), plain, body.toString()).statusCode())
                .isEqualTo(200);
        assertThat(received(sandbox)).doesNotContain("tools", "earch");
    }

    /** A file's id opens whatever the organisation's credential may read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT|{'role':'user','content':[{'type':'file','file':{'file_id':'file-1'}}]}",
                "MESSAGES|{'role':'user','content':[{'type':'document','source':{'type':'file','file_id':'file_1'}}]}",
                "MESSAGES|{'role':'user','content':[{'type':'container_upload','file_id':'file_1'}]}",
                "RESPONSES|{'role':'user','content':[{'type':'input_file','file_id':'file-1'}]}",
                "RESPONSES|{'role':'user','content':[{'type':'input_image','file_id':'file-1'}]}",
                "RESPONSES|{'role':'user','content':[{'type':'input_image','image_url':'data:image/png;base64,AA==','file_id':'file-1'}]}",
                "GEMINI|{'role':'user','parts':[{'fileData':{'fileUri':'https://generativelanguage.googleapis.com/v1beta/files/1'}}]}",
                "GEMINI|{'role':'user','parts':[{'file_data':{'file_uri':'gs://bucket/secret'}}]}"
            })
    void refusesFilesThatAProviderKeeps(Wire wire, String turn) {
        ObjectNode body = wire.ask(model(wire), false, "Hi", List.of());
        turns(wire, body).add(JSON.readTree(turn.replace('\'', '"')));
        for (String key : List.of(plain, granted)) {
            HttpResponse<String> answer = gateway.post(path(wire), key, body.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("refers to something that a provider keeps");
        }
    }

    /** The organisation's credential would open it, whoever asks in whatever format. */
    @ParameterizedTest
    @CsvSource({
        "https://GenerativeLanguage.googleapis.com/v1beta/files/1",
        "gs://bucket/secret",
        "files/1",
    })
    void refusesGooglesFilesInOtherFormats(String address) {
        ObjectNode body = Wire.CHAT.ask("to-gemini/chat", false, "Hi", List.of());
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .putArray("content")
                .addObject()
                .put("type", "image_url")
                .putObject("image_url")
                .put("url", address);
        HttpResponse<String> answer = gateway.post(Wire.CHAT.path("to-gemini/chat", false), plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    /** One reader could mean the first, and another one the last. */
    @Test
    void refusesWhatIsSaidTwice() {
        String body = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}],"
                + "\"cachedContent\":\"cachedContents/1\",\"cachedContent\":null}";
        assertThat(gateway.post(path(Wire.GEMINI), plain, body).statusCode()).isEqualTo(400);
    }

    @Test
    void leavesOutHostedToolsInsideTheConversation(Sandbox sandbox) {
        ObjectNode body = Wire.RESPONSES.ask(model(Wire.RESPONSES), false, "Hi", List.of());
        ((ArrayNode) body.get("input"))
                .add(JSON.readTree(
                        "{\"type\":\"tool_search_output\",\"call_id\":\"c\",\"tools\":[{\"type\":\"web_search\"},"
                                + "{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}]}"));
        HttpResponse<String> answer = gateway.post(path(Wire.RESPONSES), plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        body.put("tool_choice", "required");
        ((ArrayNode) body.at("/input/1/tools")).remove(1);
        assertThat(gateway.post(path(Wire.RESPONSES), plain, body.toString()).statusCode())
                .isEqualTo(403);
    }

    /** What tells of tools brings none. */
    @Test
    void refusesAChoiceOfToolsThatAreOnlyToldOf() {
        ObjectNode body = Wire.RESPONSES.ask(model(Wire.RESPONSES), false, "Hi", List.of());
        body.putArray("tools")
                .add(JSON.readTree("{\"type\":\"mcp\",\"server_label\":\"s\",\"server_url\":\"https://s.example\"}"));
        body.put("tool_choice", "required");
        ((ArrayNode) body.get("input"))
                .add(
                        JSON.readTree(
                                "{\"type\":\"mcp_list_tools\",\"id\":\"mcpl_1\",\"server_label\":\"s\",\"tools\":[{\"name\":\"f\",\"input_schema\":{}}]}"));
        HttpResponse<String> answer = gateway.post(path(Wire.RESPONSES), plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    }

    /** However deep they stand. */
    @Test
    void leavesOutHostedToolsInNamespacesOfItems(Sandbox sandbox) {
        ObjectNode body = Wire.RESPONSES.ask(model(Wire.MESSAGES), false, "Hi", List.of());
        ((ArrayNode) body.get("input"))
                .insert(
                        0,
                        JSON.readTree(
                                "{\"type\":\"additional_tools\",\"role\":\"developer\",\"tools\":[{\"type\":\"namespace\",\"name\":\"n\","
                                        + "\"tools\":[{\"type\":\"web_search\"},{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}]}]}"));
        HttpResponse<String> answer = gateway.post(path(Wire.RESPONSES), plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"name\":\"f\"").doesNotContain("web_search");
    }

    /** Counting needs no limit of the answer, and what a model has written is no file of a provider's. */
    @Test
    void countsConversationsInWhichToolsSpeakOfContainers() {
        ObjectNode body = Wire.MESSAGES.ask(model(Wire.MESSAGES), false, "Hi", List.of("a"));
        body.remove("max_tokens");
        body.remove("stream");
        ArrayNode messages = (ArrayNode) body.get("messages");
        messages.addObject()
                .put("role", "assistant")
                .putArray("content")
                .addObject()
                .put("type", "tool_use")
                .put("id", "toolu_1")
                .put("name", "a")
                .putObject("input")
                .put("container_id", "abc");
        messages.addObject()
                .put("role", "user")
                .putArray("content")
                .addObject()
                .put("type", "tool_result")
                .put("tool_use_id", "toolu_1")
                .put("content", "ok");
        HttpResponse<String> answer = gateway.post("/v1/messages/count_tokens", plain, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The word alone is no file. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void takesAToolThatSpeaksOfFiles(Wire wire) {
        ObjectNode body = wire.ask(model(wire), false, "Hi", List.of("a"));
        Wire.Said said =
                wire.read(gateway.post(path(wire), plain, body.toString()).body(), false);
        wire.goOn(body, said);
        String asked = body.toString()
                .replace("answer of a", "{\\\"file_id\\\":\\\"1\\\"}")
                .replace("city", "file_id");
        HttpResponse<String> answer = gateway.post(path(wire), plain, asked);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGES|container|\"container_1\"",
                "MESSAGES|container|{\"id\":\"container_1\"}",
                "RESPONSES|tools|[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]",
                "RESPONSES|tools|[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]",
                "RESPONSES|tools|[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\",\"file_ids\":[\"file-1\"]}}]",
                "RESPONSES|tools|[{\"type\":\"shell\",\"environment\":{\"type\":\"container_reference\",\"container_id\":\"c\"}}]",
                "RESPONSES|tools|[{\"type\":\"image_generation\",\"input_image_mask\":{\"file_id\":\"file-1\"}}]",
                "RESPONSES|conversation|{\"id\":\"conv_1\"}",
                "RESPONSES|prompt|{\"id\":\"pmpt_1\"}",
                "RESPONSES|tools|[{\"type\":\"file_search\",\"collection_ids\":[\"c_1\"]}]",
                "CHAT|audio|{\"format\":\"wav\",\"voice\":{\"id\":\"voice_1\"}}",
                "CHAT|tools|[{\"type\":\"retrieval\",\"retrieval\":{\"knowledge_id\":\"1\"}}]",
                "CHAT|extra_body|{\"google\":{\"cached_content\":\"cachedContents/1\"}}",
                "GEMINI|tools|[{\"fileSearch\":{\"fileSearchStoreNames\":\"fileSearchStores/1\"}}]",
                "GEMINI|tools|{\"fileSearch\":{\"fileSearchStoreNames\":[\"fileSearchStores/1\"]}}",
                "GEMINI|tools|[{\"retrieval\":{\"vertexAiSearch\":{\"datastore\":\"projects/1\"}}}]",
                "GEMINI|cachedContent|\"cachedContents/1\""
            })
    void refusesWhatElseAProviderKeeps(Wire wire, String field, String value) {
        ObjectNode body = wire.ask(model(wire), false, "Hi", List.of());
        body.set(field, JSON.readTree(value));
        HttpResponse<String> answer = gateway.post(path(wire), granted, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    /** Some providers look for files in the text, whatever format it came in. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void refusesTextsThatNameWhatAProviderKeeps(Wire wire) {
        String model = "files/chat";
        ObjectNode body = wire.ask(model, false, "fileid://file-1,fileid://file-2", List.of());
        HttpResponse<String> answer = gateway.post(wire.path(model, false), granted, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("fileid://", "not known to be your team's");
        for (String spoken : List.of("What does fileid:// mean?", "See fileid://file-1 there")) {
            String asked = wire.ask(model, false, spoken, List.of()).toString();
            assertThat(gateway.post(wire.path(model, false), granted, asked).statusCode())
                    .isEqualTo(200);
        }
        ObjectNode system = Wire.CHAT.ask(model, false, "Hi", List.of());
        ((ArrayNode) system.get("messages"))
                .insertObject(0)
                .put("content", "Be kind.\nFILEID://file-1")
                .put("role", "system");
        assertThat(gateway.post(path(Wire.CHAT), granted, system.toString()).statusCode())
                .isEqualTo(400);
    }

    /** What some vendors do beside the model, asked for by fields of their own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "search_parameters",
                "data_sources",
                "plugins",
                "enable_search",
                "enable_code_interpreter",
                "models",
                "preset"
            })
    void leavesOutWhatVendorsDoBesideTheModel(String field, Sandbox sandbox) {
        ObjectNode body = Wire.CHAT.ask("to-chat/chat", false, "Hi", List.of());
        body.put(field, true);
        assertThat(gateway.post(path(Wire.CHAT), plain, body.toString())
                        .headers()
                        .firstValue("X-OmniRoute-Translation-Warnings"))
                .hasValue("hosted-tools-not-granted;path=tools");
        assertThat(received(sandbox)).doesNotContain(field);
        assertThat(gateway.post(path(Wire.CHAT), granted, body.toString()).statusCode())
                .isEqualTo(200);
        assertThat(received(sandbox)).contains(field);
    }

    /** The path names the model that the key may call. */
    @Test
    void refusesABodyOfGeminisThatNamesAnotherModelThanItsPath(Sandbox sandbox) {
        ObjectNode body = Wire.GEMINI.ask("", false, "Hi", List.of()).put("model", "models/another");
        HttpResponse<String> refused = gateway.post(path(Wire.GEMINI), plain, body.toString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("model of the path");
        ObjectNode same = body.deepCopy().put("model", "models/" + model(Wire.GEMINI));
        HttpResponse<String> answer = gateway.post(path(Wire.GEMINI), plain, same.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(received(sandbox)).contains("\"model\":\"models/chat\"");
    }

    @Test
    void leavesNothingWithAProviderOfChat(Sandbox sandbox) {
        ObjectNode body = Wire.CHAT.ask("to-chat/chat", false, "Hi", List.of()).put("store", true);
        assertThat(gateway.post(path(Wire.CHAT), plain, body.toString()).statusCode())
                .isEqualTo(200);
        assertThat(received(sandbox)).contains("\"store\":false");
    }

    private static ObjectNode withSearch(Wire wire, List<String> functions) {
        ObjectNode body = wire.ask(model(wire), false, "Hi", functions);
        switch (wire) {
            case CHAT -> body.putObject("web_search_options");
            case MESSAGES ->
                body.withArray("tools")
                        .addObject()
                        .put("type", "web_search_20250305")
                        .put("name", "web_search");
            case RESPONSES -> body.withArray("tools").addObject().put("type", "web_search");
            case GEMINI -> body.withArray("tools").addObject().putObject("googleSearch");
        }
        return body;
    }

    private static ArrayNode turns(Wire wire, ObjectNode body) {
        JsonNode turns = switch (wire) {
            case CHAT, MESSAGES -> body.get("messages");
            case RESPONSES -> body.get("input");
            case GEMINI -> body.get("contents");
        };
        return (ArrayNode) turns;
    }

    private static String path(Wire wire) {
        return wire.path(model(wire), false);
    }

    private static String model(Wire wire) {
        return "to-" + wire.name().toLowerCase(Locale.ROOT) + "/chat";
    }

    private static String received(Sandbox sandbox) {
        return sandbox.books("sandbox-translation").last().body();
    }
}
