package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.sandbox.Received;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.node.ObjectNode;

/** Requests that go to a provider of their own format: what has to change, and that nothing else does. */
@ExtendWith(SandboxExtension.class)
class SameFormatCallTests {

    /** What client and provider say to each other stays as they have written it, but for the model's name. */
    @Test
    void passesRequestsAndAnswersByteForByte(Sandbox sandbox) throws Exception {
        sandbox.script("sandbox-translation"); // what another test may have left
        try (Gateway gateway = Gateway.start(sandbox, Wire.providers(sandbox));
                HttpClient direct = HttpClient.newHttpClient()) {
            for (Wire wire : Wire.values()) {
                for (boolean stream : List.of(false, true)) {
                    String model = wire.provider() + "/chat";
                    ObjectNode asked = wire.ask(model, stream, "H\u00e9llo \"there\"", List.of("f"));
                    if (stream && wire == Wire.CHAT) {
                        asked.putObject("stream_options").put("include_usage", true);
                    }
                    if (wire == Wire.RESPONSES) {
                        asked.put("store", false); // which it is in any case
                    }
                    String body = " " + asked.toString().replace(":{", " :\t{ ") + "\n";
                    HttpResponse<String> answer = gateway.post(wire.path(model, stream), gateway.key(), body);
                    assertThat(answer.statusCode())
                            .as("%s, streamed: %s: %s", wire, stream, answer.body())
                            .isEqualTo(200);
                    Received received = sandbox.books("sandbox-translation").last();
                    assertThat(received.body()).isEqualTo(body.replace("\"" + model + "\"", "\"chat\""));
                    HttpRequest again = HttpRequest.newBuilder(
                                    URI.create(sandbox.baseUrl()).resolve(received.path()))
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer sandbox-translation")
                            .POST(HttpRequest.BodyPublishers.ofString(received.body()))
                            .build();
                    String said = direct.send(again, HttpResponse.BodyHandlers.ofString())
                            .body();
                    // which Claude Code compares
                    String named = wire == Wire.MESSAGES
                            ? said.replaceFirst("\"model\":\"chat\"", "\"model\":\"" + model + "\"")
                            : said;
                    assertThat(answer.body())
                            .as("%s, streamed: %s", wire, stream)
                            .isEqualTo(named);
                }
            }
        }
    }

    /** Another provider of the combo has made the ids, which this one refuses. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void replacesIdsThatAProviderRefusesAndNothingElse(boolean stream, Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, """
                omniroute.providers.nine.base-url=%s
                omniroute.providers.nine.formats=openai-chat
                omniroute.providers.nine.connections.main.api-key=sandbox-nine
                omniroute.providers.nine.models.chat.facts.ids=nine
                omniroute.providers.nine.models.chat.facts.unsupported=stream_options
                """.formatted(sandbox.baseUrl()))) {
            String body = """
                    {"model":"nine/chat", "stream":%s,
                     "messages":[ {"role":"user","content":"Say tool_call_id \\"call_1\\""},
                      {"role":"assistant","content":null,"tool_calls":[ {"id":"call_1","type":"function",
                        "function":{"name":"f","arguments":"{\\"call_id\\":\\"call_1\\"}"}},{"id":"abcDEF123","type":"function",
                        "function":{"name":"g","arguments":"{}"}}]},
                      {"role":"tool","tool_call_id":"call_1","content":"1.0"},
                      {"role":"tool","tool_call_id":"abcDEF123","content":"2"}],
                     "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",
                        "properties":{"tool_call_id":{"const":"call_1"}}}}}]}""".formatted(stream);
            HttpResponse<String> answer = gateway.post("/v1/chat/completions", gateway.key(), body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            String sent = sandbox.books("sandbox-nine").last().body();
            String id = sent.replaceAll("(?s).*\"tool_call_id\":\"([a-z0-9]{9})\",\"content\":\"1.0\".*", "$1");
            assertThat(sent)
                    .isEqualTo(body.replace("nine/chat", "chat")
                            .replace("\"id\":\"call_1\"", "\"id\":\"" + id + '"')
                            .replace("\"tool_call_id\":\"call_1\"", "\"tool_call_id\":\"" + id + '"'));
        }
    }

    /** Gemini CLI sends the answers to calls twice when it goes on with a conversation that it has kept; Google counts them. */
    @Test
    void takesOutAnswersThatAProgramSendsTwice(Sandbox sandbox) {
        sandbox.script("sandbox-translation"); // what another test may have left
        String answered = "{\"functionResponse\":{\"id\":\"call_a\", \"name\":\"ls\",\"response\":{\"output\":\"x\"}}}";
        String body = """
                {"contents":[{"role":"user","parts":[{"text":"run"}]},
                {"role":"model","parts":[{"functionCall":{"id":"call_a","name":"ls","args":{}},"thoughtSignature":"skip_thought_signature_validator"}]},
                {"role":"user","parts":[%s]}], "tools":[{"functionDeclarations":[{"name":"ls"}]}]}""";
        try (Gateway gateway = Gateway.start(sandbox, Wire.providers(sandbox))) {
            HttpResponse<String> answer = gateway.post(
                    "/v1beta/models/to-gemini%2Fchat:generateContent",
                    gateway.key(), body.formatted(answered + ", " + answered));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-translation").last().body()).isEqualTo(body.formatted(answered));
        }
    }

    /** OpenAI repeats the request's tools in two events before the first content. */
    @Test
    void passesStreamsThatBeginWithWhatTheRequestHad(Sandbox sandbox) {
        String tools = "[{\"type\":\"function\",\"name\":\"f\",\"description\":\"" + "word ".repeat(20_000) + "\"}]";
        DisposableServer provider = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post(
                        "/responses",
                        (request, response) -> request.receive()
                                .aggregate()
                                .asString()
                                .flatMap(asked -> response.header("Content-Type", "text/event-stream")
                                        .sendString(Mono.just(stream(tools)))
                                        .then())))
                .bindNow();
        try (Gateway gateway = Gateway.start(sandbox, """
                omniroute.providers.echo.base-url=http://127.0.0.1:%d
                omniroute.providers.echo.formats=openai-responses
                omniroute.providers.echo.connections.main.api-key=k
                """.formatted(provider.port()))) {
            for (Wire client : List.of(Wire.RESPONSES, Wire.CHAT)) {
                String body = client.ask("echo/m", true, "Hello", List.of()).toString();
                String asked = client == Wire.RESPONSES
                        ? body.substring(0, body.length() - 1) + ",\"tools\":" + tools + "}"
                        : body.replace("Hello", "Hello " + "word ".repeat(20_000));
                HttpResponse<String> answer = gateway.post(client.path("echo/m", true), gateway.key(), asked);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(client.read(answer.body(), true).text()).isEqualTo("Hi");
            }
        } finally {
            provider.disposeNow();
        }
    }

    private static String stream(String tools) {
        String response =
                "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"model\":\"m\",\"output\":[],\"tools\":"
                        + tools + "}";
        String item =
                "{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"output_text\",\"text\":\"Hi\",\"annotations\":[]}]}";
        return event(0, "response.created", "\"response\":" + response)
                + event(1, "response.in_progress", "\"response\":" + response)
                + event(
                        2,
                        "response.output_item.added",
                        "\"output_index\":0,\"item\":" + item.replace("\"text\":\"Hi\"", "\"text\":\"\""))
                + event(
                        3,
                        "response.output_text.delta",
                        "\"output_index\":0,\"content_index\":0,\"item_id\":\"msg_1\",\"delta\":\"Hi\"")
                + event(4, "response.output_item.done", "\"output_index\":0,\"item\":" + item)
                + event(
                        5,
                        "response.completed",
                        "\"response\":"
                                + response.replace("in_progress", "completed")
                                        .replace("\"output\":[]", "\"output\":[" + item + "]"));
    }

    private static String event(int number, String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":" + number + "," + fields
                + "}\n\n";
    }
}
