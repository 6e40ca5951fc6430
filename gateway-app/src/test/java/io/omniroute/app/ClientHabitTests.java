package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

/** What programs and SDKs do of their own accord, beside asking. */
@ExtendWith(SandboxExtension.class)
class ClientHabitTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, Wire.providers(sandbox));
        key = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.HOSTED_TOOLS), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Anthropic's SDK goes on with whole conversations when it reads these words. */
    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"MESSAGES", "CHAT"})
    void refusesThreadsSoThatTheSdkGoesOnWithoutThem(Wire target) {
        ObjectNode body = Wire.MESSAGES.ask(target.provider() + "/chat", false, "Hi", List.of());
        body.putObject("thread").put("type", "continue").put("previous_message_id", "msg_of_another_team");
        HttpResponse<String> answer = gateway.post("/v1/messages", key, body.toString());
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode details = JSON.readTree(answer.body()).at("/error/details");
        assertThat(details.path("error_code").asString()).isEqualTo("thread_unsupported_request");
        assertThat(details.at("/unsupported/0").asString()).isEqualTo("thread");
        body.putNull("thread");
        assertThat(gateway.post("/v1/messages", key, body.toString()).statusCode())
                .isNotEqualTo(500);
    }

    /** Which models may answer is for the gateway to decide, wherever in a body others are named. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"fallbacks\":[{\"model\":\"other\"}],%s}",
                "{%s,\"fallbacks\" : [ {\"model\":\"other\"} ] }",
                "{\"stream\":false , \"fallbacks\":\"default\" ,%s}"
            })
    void leavesOutModelsThatNobodyHasAllowed(String around, Sandbox sandbox) {
        String inner =
                "\"model\":\"to-messages/chat\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
        HttpResponse<String> answer = gateway.post("/v1/messages", key, around.formatted(inner));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String sent = sandbox.books("sandbox-translation").last().body();
        assertThat(sent).doesNotContain("fallbacks").contains("\"max_tokens\":64");
        assertThat(JSON.readTree(sent).path("model").asString()).isEqualTo("chat");
    }

    /** Nor where the body is written anew. */
    @Test
    void leavesThemOutOfWhatIsWrittenAnew(Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/messages",
                key,
                "{\"model\":\"to-messages/chat\",\"max_tokens\":64,\"fallbacks\":[{\"model\":\"other\"}],"
                        + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"or1.x\"}]}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body()).doesNotContain("fallbacks");
    }

    @Test
    void hasNothingLoggedAtGoogle(Sandbox sandbox) {
        // which this one does not know
        gateway.post(
                "/v1beta/models/to-gemini/chat:generateContent",
                key,
                "{\"store\": true,\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}");
        assertThat(sandbox.books("sandbox-translation").last().body()).contains("\"store\": false");
    }

    /** Codex makes a conversation shorter when a stream says that it is too long. */
    @ParameterizedTest
    @CsvSource({"to-responses,true", "to-messages,true", "to-chat,false"})
    void tellsCodexInItsStreamThatAConversationIsTooLong(String provider, boolean codex) {
        String body =
                Wire.RESPONSES.ask(provider + "/context", true, "Hi", List.of()).toString();
        HttpRequest.Builder request = gateway.request("/v1/responses", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        HttpResponse<String> answer =
                gateway.send((codex ? request.header("originator", "codex_cli_rs") : request).build());
        if (codex) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(answer.body())
                    .contains("event: response.failed", "\"code\":\"context_length_exceeded\"")
                    .doesNotContain("response.completed");
        } else {
            assertThat(answer.statusCode()).isEqualTo(400);
        }
    }

    /** Newer ones put their tools among the items. */
    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"CHAT", "MESSAGES", "GEMINI"})
    void findsToolsAmongTheItems(Wire target) {
        ObjectNode body = Wire.RESPONSES.ask(target.provider() + "/chat", false, "Weather?", List.of());
        ArrayNode input = (ArrayNode) body.get("input");
        input.insert(
                0,
                JSON.readTree(
                        "{\"type\":\"additional_tools\",\"role\":\"developer\",\"tools\":[{\"type\":\"function\",\"name\":\"get_weather\",\"strict\":false,"
                                + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}]}"));
        HttpResponse<String> answer = gateway.post("/v1/responses", key, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Wire.RESPONSES.read(answer.body(), false).calls())
                .extracting(Wire.Call::name)
                .containsExactly("get_weather");
    }

    /** They may stand in a namespace, and one of them may be the one that must be called. */
    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"CHAT", "MESSAGES", "GEMINI"})
    void callsTheToolThatMustBeCalledAmongTheItems(Wire target, Sandbox sandbox) {
        ObjectNode body = Wire.RESPONSES.ask(target.provider() + "/chat", false, "Weather?", List.of());
        ((ArrayNode) body.get("input"))
                .insert(
                        0,
                        JSON.readTree(
                                "{\"type\":\"additional_tools\",\"role\":\"developer\",\"tools\":[{\"type\":\"namespace\",\"name\":\"sky\",\"description\":\"Above us\","
                                        + "\"tools\":[{\"type\":\"function\",\"name\":\"get_weather\",\"strict\":false,\"description\":\"Looks up\",\"parameters\":{\"type\":\"object\","
                                        + "\"properties\":{\"city\":{\"type\":\"string\",\"encrypted\":true}}}}]}]}"));
        body.putObject("tool_choice").put("type", "function").put("name", "get_weather");
        JsonNode call = item(body, false);
        assertThat(call.path("name").asString()).isEqualTo("get_weather");
        assertThat(call.path("namespace").asString()).isEqualTo("sky");
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("All tools of sky: Above us\\n\\nLooks up")
                .doesNotContain("encrypted");
    }

    @ParameterizedTest
    @CsvSource({"/v1/responses,426", "/codex/responses,426", "/codex/responses/compacted,404"})
    void sendsProgramsOnToPlainRequests(String path, int status) throws IOException {
        if (status == 404) {
            assertThat(gateway.post(path, key, "{}").statusCode()).isEqualTo(status);
            return;
        }
        int port = URI.create(gateway.base()).getPort();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("GET " + path
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                    + "Authorization: Bearer " + key + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 " + status);
        }
    }

    /** Many a server has something else where others count. */
    @Test
    void estimatesWhereNobodyCounts(Sandbox sandbox) {
        sandbox.script("sandbox-translation", "405");
        HttpResponse<String> counted = gateway.post(
                "/v1/messages/count_tokens",
                key,
                "{\"model\":\"to-responses/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}");
        assertThat(counted.statusCode()).as(counted.body()).isEqualTo(200);
        assertThat(counted.headers().firstValue("X-OmniRoute-Estimated")).hasValue("true");
    }

    /** A whole request may be sent to be counted, and a count is never a stream. */
    @ParameterizedTest
    @ValueSource(strings = {"to-responses", "to-gemini", "to-messages", "to-chat"})
    void countsWhatWouldBeStreamed(String provider) {
        HttpResponse<String> counted = gateway.post(
                "/v1/responses/input_tokens",
                key,
                "{\"model\":\"" + provider + "/chat\",\"input\":\"Hi\""
                        + (provider.equals("to-responses") ? "" : ",\"stream\":true") + "}");
        assertThat(counted.statusCode()).as(counted.body()).isEqualTo(200);
        assertThat(counted.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(JSON.readTree(counted.body()).path("input_tokens").asLong()).isPositive();
    }

    /** A model of Anthropic's that thinks goes on with what another model has begun without a thought. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnThinkingBehindAModelThatDidNot(boolean stream) {
        ObjectNode body = Wire.MESSAGES.ask("to-chat/chat", stream, "Weather?", List.of("get_weather"));
        body.putObject("thinking").put("type", "enabled").put("budget_tokens", 1500);
        HttpResponse<String> first = gateway.post("/v1/messages", key, body.toString());
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        Wire.Said said = Wire.MESSAGES.read(first.body(), stream);
        assertThat(said.calls()).hasSize(1);
        Wire.MESSAGES.goOn(body, said);
        body.put("model", "to-messages/chat");
        HttpResponse<String> second = gateway.post("/v1/messages", key, body.toString());
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        body.put("model", "to-gemini/chat");
        assertThat(gateway.post("/v1/messages", key, body.toString()).statusCode())
                .isEqualTo(200);
    }

    /** An empty question is still the user's turn. */
    @ParameterizedTest
    @ValueSource(strings = {"to-messages", "to-gemini"})
    void answersAnEmptyQuestion(String provider, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions",
                key,
                "{\"model\":\"" + provider + "/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Q\"},"
                        + "{\"role\":\"assistant\",\"content\":\"ok\"},{\"role\":\"user\",\"content\":\"\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body()).contains("(please go on)");
        assertThat(answer.headers()
                        .firstValue("X-OmniRoute-Translation-Warnings")
                        .orElse(""))
                .contains("turn-inserted");
    }

    /** What a conversation was made shorter to only its vendor can read. */
    @ParameterizedTest
    @ValueSource(strings = {"to-messages", "to-gemini", "to-chat"})
    void refusesWhatAConversationWasMadeShorterTo(String provider) {
        HttpResponse<String> answer = gateway.post(
                "/v1/responses",
                key,
                "{\"model\":\"" + provider
                        + "/chat\",\"input\":[{\"type\":\"compaction\",\"id\":\"cmp_1\",\"encrypted_content\":\"gAAAA\"},{\"role\":\"user\",\"content\":\"And?\"}]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("unsupported_feature");
    }

    /** OpenCode says the limit of an answer in its old word to every model that it does not know. */
    @ParameterizedTest
    @CsvSource({
        "gpt-5.1,max_tokens,max_completion_tokens",
        "gpt-4o,max_tokens,max_tokens",
        "gpt-5.1,max_completion_tokens,max_completion_tokens"
    })
    void sayTheLimitInTheWordThatTheModelTakes(String model, String said, String heard, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions",
                key,
                "{\"model\":\"to-chat/" + model + "\", \"" + said
                        + "\": 100,\"messages\":[{\"role\":\"user\",\"content\":\"the \\\"max_tokens\\\" of it\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("\"" + model + "\", \"" + heard + "\": 100,", "the \\\"max_tokens\\\" of it");
    }

    /** Claude Code asks models whose names it does not know as the newest ones are asked. */
    @ParameterizedTest
    @CsvSource({"claude-sonnet-4-5,false", "claude-opus-4-8,true"})
    void askAModelForThoughtsAsItMayBeAsked(String model, boolean adaptive, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/messages",
                key,
                "{\"model\":\"to-messages/" + model + "\",\"max_tokens\":32000,\"thinking\":{\"type\":\"adaptive\"},"
                        + "\"output_config\":{\"effort\":\"high\"},\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode heard =
                JSON.readTree(sandbox.books("sandbox-translation").last().body());
        assertThat(heard.at("/thinking/type").asString()).isEqualTo(adaptive ? "adaptive" : "enabled");
        assertThat(heard.at("/thinking/budget_tokens").asInt(0) >= 1_024).isEqualTo(!adaptive);
        assertThat(heard.at("/output_config/effort").isString()).isEqualTo(adaptive);
    }

    /** A model with the name of an older one is asked as that one is. */
    @ParameterizedTest
    @CsvSource({"claude-sonnet-4-5,false", "claude-opus-4-6,false", "claude-opus-4-7,true", "claude-sonnet-5,true"})
    void giveNoBudgetToAModelThatTakesNone(String model, boolean adaptive, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/messages",
                key,
                "{\"model\":\"to-messages/" + model + "\",\"max_tokens\":32000,"
                        + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":20000},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode heard =
                JSON.readTree(sandbox.books("sandbox-translation").last().body());
        assertThat(heard.at("/thinking/type").asString()).isEqualTo(adaptive ? "adaptive" : "enabled");
        assertThat(heard.at("/thinking/budget_tokens").asInt(0)).isEqualTo(adaptive ? 0 : 20_000);
        assertThat(heard.at("/output_config/effort").asString("")).isEqualTo(adaptive ? "high" : "");
    }

    /** Codex puts what its agents write to each other among the items. */
    @ParameterizedTest
    @ValueSource(strings = {"to-messages", "to-gemini", "to-chat"})
    void tellAgentsWhatOthersWriteToThem(String provider, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/responses",
                key,
                "{\"model\":\"" + provider
                        + "/chat\",\"store\":false,\"input\":[{\"type\":\"agent_message\",\"id\":\"amsg_1\","
                        + "\"author\":\"/root\",\"recipient\":\"/root/child\",\"content\":[{\"type\":\"input_text\",\"text\":\"Payload:\\n\"},"
                        + "{\"type\":\"encrypted_content\",\"encrypted_content\":\"count the files\"}]}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("Payload:\\n", "count the files")
                .doesNotContain("gateway_carried");
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .isEmpty();
    }

    /** Gemini CLI forgets thoughts and keeps calls; some vendors want to hear the words that led to a call. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bringThoughtsBackWithTheirCalls(boolean stream, Sandbox sandbox) {
        ObjectNode body = Wire.GEMINI.ask("to-chat/thought", stream, "Weather?", List.of("get_weather"));
        String path = Wire.GEMINI.path("to-chat/thought", stream);
        HttpResponse<String> first = gateway.post(path, key, body.toString());
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        Wire.Said said = Wire.GEMINI.read(first.body(), stream);
        assertThat(said.calls()).hasSize(1);
        assertThat(said.thought()).isNotEmpty();
        ((ArrayNode) said.raw()).removeIf(part -> part.path("thought").asBoolean(false));
        Wire.GEMINI.goOn(body, said);
        HttpResponse<String> second = gateway.post(path, key, body.toString());
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        JsonNode heard =
                JSON.readTree(sandbox.books("sandbox-translation").last().body());
        assertThat(heard.at("/messages/1/reasoning_content").asString("")).isEqualTo(said.thought());
    }

    /** Gemini CLI sends the answers to calls twice when it goes on with a conversation that it has kept. */
    @ParameterizedTest
    @ValueSource(strings = {"to-messages", "to-responses", "to-chat"})
    void answerACallOnce(String provider) {
        String answered = "{\"functionResponse\":{\"id\":\"call_a\",\"name\":\"ls\",\"response\":{\"output\":\"x\"}}}";
        HttpResponse<String> answer = gateway.post(
                "/v1beta/models/" + provider + "%2Fchat:generateContent",
                key,
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"run\"}]},"
                        + "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"call_a\",\"name\":\"ls\",\"args\":{}}}]},"
                        + "{\"role\":\"user\",\"parts\":[" + answered + "," + answered + "]}],"
                        + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"ls\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":{}}}]}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .isEmpty();
    }

    /** Codex looks for tools itself where it has many: for other vendors' models that is a function, and what it finds are others. */
    @ParameterizedTest
    @CsvSource({
        "CHAT,false,false",
        "CHAT,true,true",
        "MESSAGES,false,true",
        "MESSAGES,true,false",
        "GEMINI,false,false",
        "GEMINI,true,true"
    })
    void looksForToolsItself(Wire target, boolean stream, boolean amongItems, Sandbox sandbox) {
        ObjectNode body = Wire.RESPONSES.ask(target.provider() + "/rounds-2", stream, "Weather?", List.of());
        ArrayNode input = (ArrayNode) body.get("input");
        ObjectNode own = amongItems
                ? input.insertObject(0).put("type", "additional_tools").put("role", "developer")
                : body;
        own.putArray("tools")
                .add(
                        JSON.readTree(
                                "{\"type\":\"tool_search\",\"execution\":\"client\",\"description\":\"Looks for tools.\","
                                        + "\"parameters\":{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\"}},\"required\":[\"query\"]}}"));
        JsonNode item = item(body, stream);
        assertThat(item.path("type").asString()).isEqualTo("tool_search_call");
        assertThat(item.path("execution").asString()).isEqualTo("client");
        assertThat(item.path("arguments").path("query").isString()).isTrue();
        input.add(item);
        input.addObject()
                .put("type", "tool_search_output")
                .put("call_id", item.path("call_id").asString())
                .put("execution", "client")
                .put("status", "completed")
                .putArray("tools")
                .add(
                        JSON.readTree(
                                "{\"type\":\"function\",\"name\":\"get_weather\",\"strict\":false,\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}"));
        input.addObject().put("role", "user").put("content", "Now call get_weather with {\"city\": \"Oslo\"}");
        JsonNode call = item(body, stream);
        assertThat(sandbox.books("sandbox-translation").last().body()).contains("get_weather", "Tools were found.");
        assertThat(call.path("type").asString()).isEqualTo("function_call");
        assertThat(call.path("name").asString()).isEqualTo("get_weather");
    }

    /** The first item of an answer that is a call. */
    private static JsonNode item(ObjectNode body, boolean stream) {
        HttpResponse<String> answer = gateway.post("/v1/responses", key, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String last = stream
                ? answer.body()
                        .lines()
                        .filter(line -> line.startsWith("data: ") && line.contains("\"response.completed\""))
                        .findFirst()
                        .orElseThrow()
                        .substring("data: ".length())
                : answer.body();
        JsonNode response = stream ? JSON.readTree(last).path("response") : JSON.readTree(last);
        for (JsonNode one : response.path("output")) {
            if (one.path("type").asString().endsWith("_call")) {
                return one;
            }
        }
        throw new AssertionError("no call in " + last);
    }
}
