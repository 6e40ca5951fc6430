package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every client format with every provider format, whole and streamed, at a provider that is as strict as the vendor. */
@ExtendWith(SandboxExtension.class)
class TranslationTests {

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(
                sandbox,
                Wire.providers(sandbox) + "\nomniroute.combos.hears.targets=to-messages/chat,to-gemini/chat\n");
        key = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.HOSTED_TOOLS), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Wire.values())
                .flatMap(client -> Arrays.stream(Wire.values())
                        .flatMap(target -> Stream.of(false, true).map(stream -> Arguments.of(client, target, stream))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void answersWithText(Wire client, Wire target, boolean stream) {
        Wire.Said said = ask(
                client,
                client.ask(model(target, "chat"), stream, "Hello there", List.of()),
                model(target, "chat"),
                stream);
        assertThat(said.text()).isEqualTo("You said: Hello there And the sandbox says: all is well.");
        assertThat(said.calls()).isEmpty();
        assertThat(said.ending()).isIn("stop", "end_turn", "completed", "STOP");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void keepsThoughts(Wire client, Wire target, boolean stream) {
        String model = model(target, "thought");
        Wire.Said said = ask(client, client.ask(model, stream, "Hello", List.of()), model, stream);
        assertThat(said.thought()).isEqualTo("Let me think about that.");
        assertThat(said.text()).startsWith("You said: Hello");
    }

    /** What one format has no words for another may have. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksTheNextTargetForWhatTheFirstCannotBeAsked(boolean strict) {
        String body = """
                {"model":"hears","messages":[{"role":"user","content":[{"type":"text","text":"What is said?"},
                {"type":"input_audio","input_audio":{"data":"UklGRgAAAABXQVZF","format":"wav"}}]}]}""";
        HttpRequest request = gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-OmniRoute-Strict", Boolean.toString(strict))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = gateway.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("to-gemini");
    }

    /** A provider that does not stream with some of its models still answers clients that want a stream. */
    @ParameterizedTest
    @MethodSource("pairs")
    void streamsWhatIsAnsweredWhole(Wire client, Wire target, boolean stream) {
        String model = model(target, "whole-parallel-rounds-2-thought");
        ObjectNode body = client.ask(model, stream, "Weather?", List.of("get_weather", "get_time"));
        for (int round = 0; round < 2; round++) {
            Wire.Said said = ask(client, body, model, stream);
            assertThat(said.thought()).isEqualTo("Let me think about that.");
            assertThat(said.calls()).extracting(Wire.Call::name).containsExactly("get_weather", "get_time");
            client.goOn(body, said);
        }
        Wire.Said said = ask(client, body, model, stream);
        assertThat(said.text()).contains("answer of get_time");
        assertThat(said.ending()).isIn("stop", "end_turn", "completed", "STOP");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void runsThreeRoundsOfToolsInParallel(Wire client, Wire target, boolean stream) {
        String model = model(target, "parallel-rounds-3-thought");
        // what is passed on as it is must be what the provider takes
        String other = client == target ? "read_files" : "mcp.files/read:all";
        ObjectNode body = client.ask(model, stream, "Weather?", List.of("get_weather", other));
        for (int round = 0; round < 3; round++) {
            Wire.Said said = ask(client, body, model, stream);
            assertThat(said.calls()).extracting(Wire.Call::name).containsExactly("get_weather", other);
            assertThat(said.calls())
                    .allSatisfy(call -> assertThat(call.arguments()).contains("city"));
            assertThat(said.ending()).isIn("tool_calls", "tool_use", "completed", "STOP");
            client.goOn(body, said);
        }
        assertThat(ask(client, body, model, stream).text()).contains("answer of " + other);
    }

    /** What only one provider can read passes through every other client and comes back to it. */
    @ParameterizedTest
    @MethodSource("pairs")
    void bringsSignaturesBackToTheirProvider(Wire client, Wire target, boolean stream, Sandbox sandbox) {
        String model = model(target, "thought");
        ObjectNode body = client.ask(model, stream, "Weather?", List.of("get_weather"));
        client.goOn(body, ask(client, body, model, stream));
        ask(client, body, model, stream);
        String sent = sandbox.books("sandbox-translation").last().body();
        switch (target) {
            case MESSAGES -> assertThat(sent).contains("\"signature\":\"c2FuZGJveC1zaWduYXR1cmU=\"");
            case GEMINI -> assertThat(sent).contains("\"thoughtSignature\":\"c2FuZGJveC10aG91Z2h0\"");
            case RESPONSES -> assertThat(sent).contains("\"encrypted_content\":\"gAAAAsandbox-encrypted\"");
            case CHAT -> assertThat(sent).contains("\"reasoning_content\":\"Let me think about that.\"");
        }
    }

    /** As most clients do, which know nothing of signatures. */
    @ParameterizedTest
    @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "RESPONSES,true"})
    void remembersTheSignaturesThatAClientDrops(Wire client, boolean stream, Sandbox sandbox) {
        String model = model(Wire.GEMINI, "parallel-thought");
        ObjectNode body = client.ask(model, stream, "Weather?", List.of("get_weather", "get_time"));
        client.goOn(body, ask(client, body, model, stream));
        String dropped = body.toString()
                .replaceAll("\"or1\\.[^\"]*\"", "\"\"")
                .replaceAll("\"(reasoning_details|extra_content)\":", "\"dropped\":");
        HttpResponse<String> answer = gateway.post(client.path(model, stream), key, dropped);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("\"thoughtSignature\":\"c2FuZGJveC10aG91Z2h0\"")
                .doesNotContain("skip_thought_signature_validator");
    }

    /** A history that another provider has been part of is good for a provider of the client's own format. */
    @ParameterizedTest
    @MethodSource("pairs")
    void goesOnInTheClientsOwnFormat(Wire client, Wire first, boolean stream) {
        ObjectNode body = client.ask(model(first, "parallel-thought"), stream, "Weather?", List.of("a", "b"));
        client.goOn(body, ask(client, body, model(first, "parallel-thought"), stream));
        if (client != Wire.GEMINI) {
            body.put("model", model(client, "chat"));
        }
        assertThat(ask(client, body, model(client, "chat"), stream).text()).contains("answer of b");
    }

    /** Thoughts that a provider writes into its text are thoughts to every client, and no text. */
    @ParameterizedTest
    @CsvSource({"RESPONSES,false", "RESPONSES,true", "MESSAGES,false", "MESSAGES,true", "GEMINI,false", "GEMINI,true"})
    void takesThoughtsOutOfTheText(Wire client, boolean stream, Sandbox sandbox) {
        try (Gateway tagged = Gateway.start(
                sandbox,
                Wire.providers(sandbox) + "omniroute.providers.to-chat.models.tagged.facts.reasoning-field=tags\n")) {
            String model = model(Wire.CHAT, "tagged");
            ObjectNode body = client.ask(model, stream, "Hello", List.of());
            String answer = tagged.post(client.path(model, stream), tagged.key(), body.toString())
                    .body();
            Wire.Said said = client.read(answer, stream);
            assertThat(said.thought()).isEqualTo("Let me think about that.");
            assertThat(said.text()).startsWith("You said: Hello").doesNotContain("think>");
        }
    }

    /** Chat hides what the model thinks, and Responses tells it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages|{'max_tokens':4000,'thinking':{'type':'enabled','budget_tokens':2000}|responses",
                "/v1/messages|{'max_tokens':4000,'thinking':{'type':'adaptive','display':'omitted'}|completions",
                "/v1/messages|{'max_tokens':4000|completions",
                "/v1beta/models/both/chat:generateContent|{'generationConfig':{'thinkingConfig':{'includeThoughts':true}}|responses",
                "/v1beta/models/both/chat:generateContent|{'generationConfig':{'thinkingConfig':{'includeThoughts':false}}|completions",
                "/v1/chat/completions|{'reasoning_effort':'high'|completions"
            })
    void asksWhoShowsThoughtsWhereTheClientWantsThem(String path, String asked, String expected, Sandbox sandbox) {
        try (Gateway both = Gateway.start(sandbox, """
                omniroute.providers.both.base-url=%s
                omniroute.providers.both.formats=openai-chat,openai-responses
                omniroute.providers.both.connections.main.api-key=sandbox-both
                """.formatted(sandbox.baseUrl()))) {
            String turns = path.contains("beta")
                    ? ",'contents':[{'role':'user','parts':[{'text':'Hello'}]}]}"
                    : ",'model':'both/chat','messages':[{'role':'user','content':'Hello'}]}";
            HttpResponse<String> answer = both.post(path, both.key(), (asked + turns).replace('\'', '"'));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-both").last().path()).endsWith(expected);
        }
    }

    /** A model that takes no effort beside functions in the Chat format is asked in the other, but by clients of that very format. */
    @ParameterizedTest
    @CsvSource({"/v1/messages,responses", "/v1/chat/completions,completions"})
    void asksWhereFunctionsAndThoughtsGoTogether(String path, String expected, Sandbox sandbox) {
        try (Gateway both = Gateway.start(sandbox, """
                omniroute.providers.both.base-url=%s
                omniroute.providers.both.formats=openai-chat,openai-responses
                omniroute.providers.both.facts.unsupported=tools_with_effort
                omniroute.providers.both.connections.main.api-key=sandbox-both
                """.formatted(sandbox.baseUrl()))) {
            HttpResponse<String> answer = both.post(
                    path,
                    both.key(),
                    "{\"model\":\"both/chat\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-both").last().path()).endsWith(expected);
        }
    }

    /** As Codex declares the tools of its sub-agents. */
    @ParameterizedTest
    @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true", "GEMINI,false", "GEMINI,true"})
    void callsToolsOfANamespace(Wire target, boolean stream, Sandbox sandbox) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("model", model(target, "chat")).put("stream", stream);
        body.putArray("input").addObject().put("role", "user").put("content", "Close it");
        body.putArray("tools")
                .addObject()
                .put("type", "namespace")
                .put("name", "agents_v1")
                .putArray("tools")
                .addObject()
                .put("type", "function")
                .put("name", "close_agent")
                .putObject("parameters")
                .put("type", "object")
                .putObject("properties");
        Wire.Said said = ask(Wire.RESPONSES, body, model(target, "chat"), stream);
        JsonNode call = said.raw().get(said.raw().size() - 1);
        assertThat(call.path("name").asString()).isEqualTo("close_agent");
        assertThat(call.path("namespace").asString()).isEqualTo("agents_v1");
        ArrayNode input = (ArrayNode) body.get("input");
        said.raw().forEach(input::add);
        input.addObject()
                .put("type", "function_call_output")
                .put("call_id", call.path("call_id").asString())
                .put("output", "closed");
        assertThat(ask(Wire.RESPONSES, body, model(target, "chat"), stream).text())
                .contains("closed");
        assertThat(sandbox.books("sandbox-translation").last().body()).contains("agents_v1__close_agent_");
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT,true,web-search-dropped,",
        "GEMINI,true,web-search-dropped,",
        "GEMINI,false,,googleSearch",
        "MESSAGES,true,,web_search_20250305"
    })
    void asksForTheProvidersSearchWhereItHasOne(
            Wire target, boolean function, @Nullable String lost, @Nullable String sent, Sandbox sandbox) {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("model", model(target, "chat"));
        body.put("input", "News?");
        ArrayNode tools = body.putArray("tools");
        tools.addObject().put("type", "web_search");
        if (function) {
            tools.addObject().put("type", "function").put("name", "f").putObject("parameters");
        }
        HttpResponse<String> answer = gateway.post("/v1/responses", key, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String warnings =
                answer.headers().firstValue("X-OmniRoute-Translation-Warnings").orElse("");
        String received = sandbox.books("sandbox-translation").last().body();
        if (lost == null) {
            assertThat(warnings).doesNotContain("web-search");
            assertThat(received).contains(sent);
        } else {
            assertThat(warnings).contains(lost);
            assertThat(received).doesNotContain("earch\":");
        }
    }

    /** Nobody on the way takes a stream for dead whose provider thinks. */
    @ParameterizedTest
    @CsvSource({"CHAT,MESSAGES", "MESSAGES,GEMINI", "RESPONSES,CHAT", "GEMINI,RESPONSES"})
    void keepsASilentStreamAlive(Wire client, Wire target, Sandbox sandbox) {
        try (Gateway beating =
                Gateway.start(sandbox, Wire.providers(sandbox) + "omniroute.streams.heartbeat=100ms\n")) {
            String model = model(target, "words-3-drip-500ms");
            ObjectNode body = client.ask(model, true, "Hello", List.of());
            String answer = beating.post(client.path(model, true), beating.key(), body.toString())
                    .body();
            String beat = switch (client) {
                case MESSAGES -> "event: ping\n";
                case GEMINI -> "{\"text\":\"\"}";
                case CHAT, RESPONSES -> ": ping\n\n";
            };
            assertThat(answer).contains(beat);
            assertThat(client.read(answer, true).text()).isEqualTo("the sandbox answers");
        }
    }

    /** Who wants to look at stored pages only does not want to look at live ones. */
    @ParameterizedTest
    @CsvSource({"GEMINI", "MESSAGES"})
    void asksForNoLiveSearchInPlaceOfAStoredOne(Wire target, Sandbox sandbox) {
        String body = """
                {"model":"%s","input":"News?","tools":[{"type":"web_search","external_web_access":false}]}""".formatted(model(target, "chat"));
        HttpResponse<String> answer = gateway.post("/v1/responses", key, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .hasValueSatisfying(warnings -> assertThat(warnings).contains("web-search-dropped"));
        assertThat(sandbox.books("sandbox-translation").last().body()).doesNotContain("earch\":");
    }

    /** Clients whose format has no pauses see one answer, with the usage of all rounds. */
    @ParameterizedTest
    @CsvSource({"CHAT,false", "CHAT,true", "RESPONSES,false", "RESPONSES,true", "GEMINI,false", "GEMINI,true"})
    void goesOnForAProviderThatPauses(Wire client, boolean stream, Sandbox sandbox) {
        String model = model(Wire.MESSAGES, "pause-2-cited");
        ObjectNode body = client.ask(model, stream, "News?", List.of());
        switch (client) {
            case CHAT -> body.putObject("web_search_options");
            case GEMINI -> body.putArray("tools").addObject().putObject("googleSearch");
            default -> body.putArray("tools").addObject().put("type", "web_search");
        }
        long before = sandbox.books("sandbox-translation").calls();
        Wire.Said said = ask(client, body, model, stream);
        assertThat(said.text())
                .startsWith("Let me search. Let me search. You said: Let me search.")
                .endsWith("[web_search_tool_result] And the sandbox says: all is well.");
        assertThat(said.calls()).isEmpty();
        assertThat(said.ending()).isIn("stop", "completed", "STOP");
        assertThat(sandbox.books("sandbox-translation").calls() - before).isEqualTo(3);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("\"input\":{\"query\":\"sandbox\"}", "\"encrypted_content\":");
    }

    /** Whatever a provider pauses in, it gets back what it has said, but for the white space at the end, which it would refuse. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnForAProviderThatPausesWithoutBeingAskedForAnything(boolean stream, Sandbox sandbox) {
        String begun = "{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"c2FuZGJveC1zaWduYXR1cmU=\"}";
        String text = "Half \\u00e9 of it. ";
        String paused = stream
                ? pausedStream(text)
                : "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[" + begun
                        + ",{\"type\":\"text\",\"text\":\"" + text + "\"}],\"stop_reason\":\"pause_turn\","
                        + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
        sandbox.script("sandbox-translation", paused);
        String model = model(Wire.MESSAGES, "chat");
        Wire.Said said = ask(Wire.CHAT, Wire.CHAT.ask(model, stream, "Go", List.of()), model, stream);
        assertThat(said.text()).startsWith("Half \u00e9 of it. You said: ");
        assertThat(said.ending()).isEqualTo("stop");
        assertThat(sandbox.books("sandbox-translation").last().body()).contains(begun, "Half \u00e9 of it.\"");
    }

    private static String pausedStream(String text) {
        return """
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2FuZGJveC1zaWduYXR1cmU="}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":0}

                event: content_block_start
                data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"%s"}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":1}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"pause_turn","stop_sequence":null},"usage":{"output_tokens":1}}

                event: message_stop
                data: {"type":"message_stop"}

                """.formatted(text);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failsWithAProviderThatFailsAfterAPause(boolean stream, Sandbox sandbox) {
        sandbox.script("sandbox-translation", "pause-1", "503");
        ObjectNode body = Wire.CHAT.ask("to-messages/chat", stream, "News?", List.of());
        body.putObject("web_search_options");
        HttpResponse<String> answer = gateway.post(Wire.CHAT.path("to-messages/chat", stream), key, body.toString());
        if (stream) {
            assertThat(answer.body()).contains("\"error\"").doesNotContain("[DONE]");
        } else {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void namesTheSourcesOfAText(Wire client, Wire target, boolean stream) {
        String model = model(target, "cited");
        ObjectNode body = client.ask(model, stream, "Hello", List.of());
        HttpResponse<String> answer = gateway.post(client.path(model, stream), key, body.toString());
        assertThat(answer.body()).contains("https://sandbox.example/page", "A page of the sandbox");
        String text = "You said: Hello And the sandbox says: all is well.";
        if (client != Wire.MESSAGES) {
            // of the whole text, whether it is counted in bytes or characters
            assertThat(answer.body()).containsPattern("\"end_?[iI]ndex\":" + text.length());
        }
    }

    /** A source that another provider named must not get to Anthropic, which would refuse it. */
    @Test
    void neverSendsAForeignCitationToAnthropic(Sandbox sandbox) {
        ObjectNode body = Wire.MESSAGES.ask("to-chat/cited", false, "Hello", List.of());
        JsonNode said = JsonMapper.shared()
                .readTree(gateway.post(Wire.MESSAGES.path("to-chat/cited", false), key, body.toString())
                        .body());
        assertThat(said.at("/content/0/citations").isEmpty()).isFalse();
        ArrayNode messages = (ArrayNode) body.get("messages");
        messages.addObject().put("role", "assistant").set("content", said.path("content"));
        messages.addObject().put("role", "user").put("content", "Sure?");
        body.put("model", "to-messages/chat");
        assertThat(ask(Wire.MESSAGES, body, "to-messages/chat", false).text()).startsWith("You said: Sure?");
        assertThat(sandbox.books("sandbox-translation").last().body()).doesNotContain("citations");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tellsHowLikelyTokensWere(Wire client, Wire target, boolean stream) {
        String model = model(target, "chat");
        ObjectNode body = client.ask(model, stream, "Hello", List.of());
        switch (client) {
            case CHAT -> body.put("logprobs", true);
            case RESPONSES -> body.putArray("include").add("message.output_text.logprobs");
            case GEMINI -> body.putObject("generationConfig").put("responseLogprobs", true);
            case MESSAGES -> {
                return; // cannot ask for it
            }
        }
        HttpResponse<String> answer = gateway.post(client.path(model, stream), key, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        if (target == Wire.MESSAGES) {
            assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                    .hasValueSatisfying(warnings -> assertThat(warnings).contains("logprobs-dropped"));
        } else {
            assertThat(answer.body()).containsPattern("\"log[pP]rob(ability)?\":-0.25");
        }
    }

    @ParameterizedTest
    @CsvSource({"MESSAGES,false", "MESSAGES,true", "GEMINI,false", "GEMINI,true"})
    void callsToolsThatTakeTextWhereThereAreNone(Wire target, boolean stream) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("model", model(target, "chat")).put("stream", stream);
        body.putArray("input").addObject().put("role", "user").put("content", "Patch it");
        body.putArray("tools").addObject().put("type", "custom").put("name", "apply_patch");
        Wire.Said said = ask(Wire.RESPONSES, body, model(target, "chat"), stream);
        JsonNode call = said.raw().get(said.raw().size() - 1);
        assertThat(call.path("type").asString()).isEqualTo("custom_tool_call");
        assertThat(call.path("input").asString()).isNotEmpty().doesNotContain("{");
        ArrayNode input = (ArrayNode) body.get("input");
        said.raw().forEach(input::add);
        input.addObject()
                .put("type", "custom_tool_call_output")
                .put("call_id", call.path("call_id").asString())
                .put("output", "patched");
        assertThat(ask(Wire.RESPONSES, body, model(target, "chat"), stream).text())
                .contains("patched");
    }

    @Test
    void bringsAFailedToolsFlagBackFromAFormatWithoutOne(Sandbox sandbox) {
        String body = """
                {"model": "to-messages/chat", "input": [
                  {"role": "user", "content": "x"},
                  {"type": "function_call", "call_id": "c1", "name": "t", "arguments": "{}"},
                  {"type": "function_call_output", "call_id": "c1", "output": "[tool error]\\nno such file"}]}
                """;
        assertThat(gateway.post("/v1/responses", key, body).statusCode()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("\"content\":\"no such file\",\"is_error\":true");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersLegacyCompletions(boolean stream) {
        String body = "{\"model\":\"to-messages/chat\",\"prompt\":\"Hello there\",\"stream\":" + stream + "}";
        HttpResponse<String> answer = gateway.post("/v1/completions", key, body);
        assertThat(answer.statusCode()).isEqualTo(200);
        StringBuilder text = new StringBuilder();
        if (stream) {
            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
            Wire.events(answer.body()).stream()
                    .filter(event -> event.data().startsWith("{"))
                    .forEach(event -> text.append(JsonMapper.shared()
                            .readTree(event.data())
                            .at("/choices/0/text")
                            .asString("")));
        } else {
            text.append(JsonMapper.shared()
                    .readTree(answer.body())
                    .at("/choices/0/text")
                    .asString(""));
        }
        assertThat(text.toString()).isEqualTo("You said: Hello there And the sandbox says: all is well.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"suffix\":\"x\"", "\"echo\":true", "\"best_of\":2"})
    void refusesWhatOnlyLegacyModelsCan(String field) {
        HttpResponse<String> answer =
                gateway.post("/v1/completions", key, "{\"model\":\"to-chat/chat\",\"prompt\":\"x\"," + field + "}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("unsupported_feature");
    }

    @Test
    void countsTokensByTheProviderOrByEstimate(Sandbox sandbox) {
        String body = "{\"model\":\"%s/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}";
        HttpResponse<String> counted = gateway.post("/v1/messages/count_tokens", key, body.formatted("to-messages"));
        assertThat(counted.statusCode()).isEqualTo(200);
        assertThat(counted.body()).contains("\"input_tokens\":");
        assertThat(counted.headers().firstValue("X-OmniRoute-Estimated")).isEmpty();
        assertThat(sandbox.books("sandbox-translation").last().path()).isEqualTo("/v1/messages/count_tokens");
        HttpResponse<String> estimated = gateway.post("/v1/messages/count_tokens", key, body.formatted("to-chat"));
        assertThat(estimated.body()).contains("\"input_tokens\":");
        assertThat(estimated.headers().firstValue("X-OmniRoute-Estimated")).hasValue("true");
        HttpResponse<String> google = gateway.post(
                "/v1beta/models/to-chat/chat:countTokens",
                key,
                "{\"contents\":[{\"parts\":[{\"text\":\"Hello there\"}]}]}");
        assertThat(google.body()).contains("\"totalTokens\":");
    }

    /** Many a provider speaks the format and does not count, which says nothing of its answers. */
    @Test
    void estimatesWhereTheProviderDoesNotCount(Sandbox sandbox) {
        String body = "{\"model\":\"to-messages/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";
        sandbox.script("sandbox-translation", "404");
        HttpResponse<String> estimated = gateway.post("/v1/messages/count_tokens", key, body);
        assertThat(estimated.statusCode()).as(estimated.body()).isEqualTo(200);
        assertThat(estimated.headers().firstValue("X-OmniRoute-Estimated")).hasValue("true");
        sandbox.script("sandbox-translation", "429-retry-60s");
        assertThat(gateway.post("/v1/messages/count_tokens", key, body).statusCode())
                .isEqualTo(429);
        assertThat(gateway.post("/v1/messages/count_tokens", key, body)
                        .headers()
                        .firstValue("X-OmniRoute-Estimated"))
                .as("limits of counting are not those of answers")
                .isEmpty();
        long before = sandbox.books("sandbox-translation").calls();
        String asked = body.replaceFirst("\\{", "{\"max_tokens\":9,");
        assertThat(gateway.post("/v1/messages", key, asked).statusCode()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").calls() - before).isEqualTo(1);
    }

    /** A provider that counts is asked, whatever format the client speaks. */
    @Test
    void countsTokensAcrossFormats(Sandbox sandbox) {
        HttpResponse<String> byGoogle = gateway.post(
                "/v1/messages/count_tokens",
                key,
                "{\"model\":\"to-gemini/chat\",\"system\":\"be kind\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}");
        assertThat(byGoogle.body()).matches("\\{\"input_tokens\":[1-9]\\d*\\}");
        assertThat(byGoogle.headers().firstValue("X-OmniRoute-Estimated")).isEmpty();
        assertThat(sandbox.books("sandbox-translation").last().path()).isEqualTo("/v1beta/models/chat:countTokens");
        assertThat(sandbox.books("sandbox-translation").last().body()).contains("be kind", "Hello there");
        for (String body : List.of(
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello there\"}]}]}",
                "{\"generateContentRequest\":{\"model\":\"models/x\",\"systemInstruction\":{\"parts\":[{\"text\":\"be kind\"}]},"
                        + "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello there\"}]}],"
                        + "\"generationConfig\":{\"temperature\":0.5}}}")) {
            HttpResponse<String> byAnthropic = gateway.post("/v1beta/models/to-messages/chat:countTokens", key, body);
            assertThat(byAnthropic.body()).matches("\\{\"totalTokens\":[1-9]\\d*\\}");
            assertThat(byAnthropic.headers().firstValue("X-OmniRoute-Estimated"))
                    .isEmpty();
            assertThat(sandbox.books("sandbox-translation").last().path()).isEqualTo("/v1/messages/count_tokens");
        }
    }

    /** Gemini CLI has one answer of a tool counted, with which nobody could go on. */
    @ParameterizedTest
    @CsvSource({"to-messages,true", "to-responses,true", "to-chat,true", "to-gemini,false"})
    void countsAPieceOfAConversation(String provider, boolean estimated) {
        HttpResponse<String> counted = gateway.post(
                "/v1beta/models/" + provider + "/chat:countTokens",
                key,
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"read\",\"id\":\"r1\","
                        + "\"response\":{\"output\":\"all of it\"}}}]}]}");
        assertThat(counted.statusCode()).as(counted.body()).isEqualTo(estimated ? 200 : 400);
        assertThat(counted.headers().firstValue("X-OmniRoute-Estimated").isPresent())
                .isEqualTo(estimated);
    }

    /** As OpenAI's clients have their input counted, by whoever counts. */
    @ParameterizedTest
    @CsvSource({
        "to-responses, /v1/responses/input_tokens",
        "to-messages, /v1/messages/count_tokens",
        "to-gemini, /v1beta/models/chat:countTokens",
        "to-chat, ''"
    })
    void countsTheInputOfAResponse(String provider, String path, Sandbox sandbox) {
        HttpResponse<String> counted = gateway.post(
                "/v1/responses/input_tokens",
                key,
                "{\"model\":\"" + provider + "/chat\",\"instructions\":\"be kind\",\"input\":\"Hello there\","
                        + "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{}},\"strict\":false}]}");
        assertThat(counted.statusCode()).as(counted.body()).isEqualTo(200);
        assertThat(counted.body()).matches("\\{\"object\":\"response.input_tokens\",\"input_tokens\":[1-9]\\d*}");
        assertThat(counted.headers().firstValue("X-OmniRoute-Estimated").isPresent())
                .isEqualTo(path.isEmpty());
        if (!path.isEmpty()) {
            assertThat(sandbox.books("sandbox-translation").last().path()).isEqualTo(path);
            assertThat(sandbox.books("sandbox-translation").last().body()).contains("be kind", "Hello there");
        }
        if (!path.equals("/v1/responses/input_tokens")) {
            return;
        }
        HttpResponse<String> messages = gateway.post(
                "/v1/messages/count_tokens",
                key,
                "{\"model\":\"to-responses/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}");
        assertThat(messages.body()).matches("\\{\"input_tokens\":[1-9]\\d*}");
        assertThat(messages.headers().firstValue("X-OmniRoute-Estimated")).isEmpty();
        assertThat(sandbox.books("sandbox-translation").last().path()).isEqualTo(path);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void streamsAnArrayToAClientThatAskedForNoEvents(Wire target) {
        HttpResponse<String> answer = gateway.post(
                "/v1beta/models/" + model(target, "chat") + ":streamGenerateContent",
                key,
                Wire.GEMINI.ask("", true, "Hello there", List.of()).toString());
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        StringBuilder text = new StringBuilder();
        JsonMapper.shared()
                .readTree(answer.body())
                .forEach(piece -> text.append(
                        piece.at("/candidates/0/content/parts/0/text").asString("")));
        assertThat(text.toString()).isEqualTo("You said: Hello there And the sandbox says: all is well.");
    }

    /** A client that reads an array reads the failure of one, too; a field at fault has the name that the client has given it. */
    @ParameterizedTest
    @CsvSource({":streamGenerateContent,true", ":streamGenerateContent?alt=sse,false", ":generateContent,false"})
    void failsAsTheClientReads(String action, boolean array) {
        HttpResponse<String> answer = gateway.post(
                "/v1beta/models/" + model(Wire.MESSAGES, "chat") + action,
                key,
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"aGk=\"}}]}]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode body = JsonMapper.shared().readTree(answer.body());
        JsonNode error = (array ? body.get(0) : body).get("error");
        assertThat(error.path("message").asString()).startsWith("'contents[0]'");
    }

    @Test
    void listsModelsInTheShapeThatTheClientKnows() {
        assertThat(gateway.get("/v1beta/models", key).body()).contains("\"name\":\"models/a/chat\"");
        assertThat(gateway.get("/v1/models", key).body()).contains("\"object\":\"list\"");
        assertThat(gateway.send(gateway.request("/v1/models", key)
                                .header("anthropic-version", "2023-06-01")
                                .build())
                        .body())
                .contains("\"has_more\":false");
    }

    @Test
    void saysWhatWasLostAndRefusesItWhenToldTo() {
        String body =
                "{\"model\":\"to-messages/chat\",\"seed\":7,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, body);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .hasValue("seed-dropped;path=seed");
        HttpResponse<String> strict = gateway.send(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-OmniRoute-Strict", "true")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(strict.statusCode()).isEqualTo(400);
        assertThat(strict.body()).contains("\"param\":\"seed\"");
    }

    private static Wire.Said ask(Wire client, ObjectNode body, String model, boolean stream) {
        HttpResponse<String> answer = gateway.post(client.path(model, stream), key, body.toString());
        assertThat(answer.statusCode()).as(() -> answer.body()).isEqualTo(200);
        return client.read(answer.body(), stream);
    }

    private static String model(Wire target, String model) {
        return target.provider() + "/" + model;
    }
}
