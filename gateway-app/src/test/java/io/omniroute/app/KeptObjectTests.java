package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.config.ModelPatterns;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a provider keeps is the team's that it was handed out to, and is where it was made. */
@ExtendWith(SandboxExtension.class)
class KeptObjectTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Gateway gateway;
    private static Gateway other;
    private static Gateway keeping;
    private static String key;
    private static String stranger;

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder settings = new StringBuilder();
        for (Wire wire : List.of(Wire.CHAT, Wire.MESSAGES, Wire.RESPONSES)) {
            String provider = "omniroute.providers." + provider(wire) + ".";
            settings.append(provider)
                    .append("base-url=")
                    .append(sandbox.baseUrl())
                    .append('\n');
            settings.append(provider).append("formats=").append(wire.id()).append('\n');
            for (String account : List.of("one", "two")) {
                settings.append(provider)
                        .append("connections." + account + ".api-key=" + account(wire, account) + "\n");
                settings.append("omniroute.combos." + provider(wire) + "-" + account + ".targets=" + provider(wire)
                        + "/chat@" + account + "\n");
            }
            settings.append(
                    "omniroute.combos." + provider(wire) + "-both.targets[0]=" + provider(wire) + "/chat@two\n");
            settings.append(
                    "omniroute.combos." + provider(wire) + "-both.targets[1]=" + provider(wire) + "/chat@one\n");
        }
        gateway = Gateway.start(sandbox, settings.toString());
        other = Gateway.start(sandbox, settings.toString());
        keeping = Gateway.start(
                sandbox, settings + "spring.cloud.gateway.server.webflux.default-filters[0]=AllowProviderState\n");
        key = keyOf("makers");
        stranger = keyOf("strangers");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
        keeping.close();
    }

    @ParameterizedTest
    @CsvSource({"MESSAGES,false", "MESSAGES,true", "RESPONSES,false", "RESPONSES,true", "CHAT,false", "CHAT,true"})
    void takesWhatTheTeamWasHandedOutToTheAccountThatKeepsIt(Wire wire, boolean stream, Sandbox sandbox) {
        String container = "container_" + wire.id() + stream;
        String file = "file_" + wire.id() + stream;
        makes(wire, stream, container, file, sandbox);
        ObjectNode first = asking(wire, provider(wire) + "-one", stream);
        HttpResponse<String> made = gateway.post(path(wire), key, first.toString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(made.body()).contains(container);

        ObjectNode next = naming(wire, provider(wire) + "-both", container, file);
        long before = sandbox.books(account(wire, "one")).calls();
        HttpResponse<String> answer = other.post(path(wire), key, next.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books(account(wire, "one")).calls() - before).isEqualTo(1);
        assertThat(sandbox.books(account(wire, "one")).last().body()).contains(container);

        long asked = calls(wire, sandbox);
        HttpResponse<String> refused = gateway.post(path(wire), stranger, next.toString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not known to be your team's").doesNotContain(container);
        ObjectNode elsewhere = naming(wire, provider(wire) + "-two", container, file);
        assertThat(gateway.post(path(wire), key, elsewhere.toString()).body()).contains("do not go");
        assertThat(calls(wire, sandbox)).isEqualTo(asked);
    }

    /** What the gateway writes out of an earlier answer is somewhere, too. */
    @Test
    void goesOnWhereTheCodeOfAnEarlierAnswerHasRun(Sandbox sandbox) {
        makes(Wire.RESPONSES, false, "cntr_recalled", "cfile_recalled", sandbox);
        ObjectNode first = asking(Wire.RESPONSES, "keeper-responses-one", false);
        String id = JSON.readTree(gateway.post(path(Wire.RESPONSES), key, first.toString())
                        .body())
                .path("id")
                .asString();
        ObjectNode next = Wire.RESPONSES.ask("keeper-responses-both", false, "And?", List.of());
        next.put("previous_response_id", id);
        long before = sandbox.books(account(Wire.RESPONSES, "one")).calls();
        HttpResponse<String> answer = other.post(path(Wire.RESPONSES), key, next.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books(account(Wire.RESPONSES, "one")).calls() - before)
                .isEqualTo(1);
        assertThat(received(sandbox)).contains("cntr_recalled");
    }

    /** Where a provider may keep answers, it would find what another team has there. */
    @Test
    void asksWhoseItemsAreThatAProviderWouldLookUp() {
        for (String item : List.of(
                "{\"type\":\"image_generation_call\",\"id\":\"ig_other\"}",
                "{\"type\":\"reasoning\",\"id\":\"rs_other\",\"summary\":[]}")) {
            ObjectNode body = Wire.RESPONSES.ask("keeper-responses-one", false, "Hi", List.of());
            ((ArrayNode) body.get("input")).insert(0, JSON.readTree(item));
            HttpResponse<String> refused = keeping.post(path(Wire.RESPONSES), key, body.toString());
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains("not known to be your team's");
        }
    }

    /** A model writes what it is told to, and so does a remote server. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void believesOnlyTheProviderItself(boolean stream, Sandbox sandbox) {
        String block =
                "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{\"file_id\":\"file_stolen\","
                        + "\"container\":{\"id\":\"container_stolen\"},\"content\":[{\"file_id\":\"file_stolen\"}]}}";
        String result = "{\"type\":\"mcp_tool_result\",\"tool_use_id\":\"mcptoolu_1\",\"is_error\":false,"
                + "\"content\":[{\"type\":\"text\",\"file_id\":\"file_stolen\"}]}";
        sandbox.script(
                account(Wire.MESSAGES, "one"),
                stream ? messageStream("", block, result) : message("", block + "," + result));
        assertThat(gateway.post(
                                path(Wire.MESSAGES),
                                key,
                                asking(Wire.MESSAGES, "keeper-messages-one", stream)
                                        .toString())
                        .statusCode())
                .isEqualTo(200);
        for (String container : List.of("container_stolen", "container_unknown")) {
            ObjectNode next = naming(Wire.MESSAGES, "keeper-messages-both", container, "file_stolen");
            assertThat(gateway.post(path(Wire.MESSAGES), key, next.toString()).statusCode())
                    .isEqualTo(400);
        }
    }

    /** What OpenAI itself would take out of the conversation to run code in. */
    @Test
    void looksAtContainersOfEarlierCallsToo() {
        ObjectNode body = asking(Wire.RESPONSES, "keeper-responses-both", false);
        ((ArrayNode) body.get("input"))
                .add(JSON.readTree("{\"type\":\"code_interpreter_call\",\"id\":\"ci_1\",\"status\":\"completed\","
                        + "\"container_id\":\"cntr_of_others\",\"code\":\"1\",\"outputs\":[]}"));
        HttpResponse<String> refused = gateway.post(path(Wire.RESPONSES), key, body.toString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("container_id");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsAProviderKeepAnswersWhereTheRouteAllowsIt(boolean stream, Sandbox sandbox) {
        String id = "resp_kept_" + stream;
        sandbox.script(account(Wire.RESPONSES, "one"), stream ? responseStream(id, "") : response(id, ""));
        ObjectNode first = Wire.RESPONSES.ask("keeper-responses-one", stream, "I am called Ada", List.of());
        first.put("store", true);
        HttpResponse<String> kept = keeping.post(path(Wire.RESPONSES), key, first.toString());
        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
        assertThat(received(sandbox)).contains("\"store\":true");

        ObjectNode next = Wire.RESPONSES.ask("keeper-responses-both", false, "Who am I?", List.of());
        next.put("previous_response_id", id);
        HttpResponse<String> answer = keeping.post(path(Wire.RESPONSES), key, next.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(received(sandbox))
                .contains("\"previous_response_id\":\"" + id + "\"")
                .doesNotContain("Ada", "\"store\"");
        assertThat(keeping.post(path(Wire.RESPONSES), stranger, next.toString()).statusCode())
                .isEqualTo(400);
    }

    @Test
    void leavesNothingWhereTheRouteDoesNotAllowIt(Sandbox sandbox) {
        ObjectNode body = Wire.RESPONSES.ask("keeper-responses-one", false, "Hi", List.of());
        for (ObjectNode asked : List.of(body, body.deepCopy().put("store", true))) {
            assertThat(gateway.post(path(Wire.RESPONSES), key, asked.toString()).statusCode())
                    .isEqualTo(200);
            assertThat(received(sandbox)).contains("\"store\":false");
        }
    }

    /** A provider that keeps nothing would look among what others have there. */
    @Test
    void letsNoProviderLookUpItemsWithoutTheirContent(Sandbox sandbox) {
        ObjectNode body = Wire.RESPONSES.ask("keeper-responses-one", false, "Hi", List.of());
        ((ArrayNode) body.get("input"))
                .insert(0, JSON.readTree("{\"type\":\"reasoning\",\"id\":\"rs_other\",\"summary\":[]}"));
        HttpResponse<String> answer = gateway.post(path(Wire.RESPONSES), key, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Translation-Warnings"))
                .hasValue("reasoning-stripped;path=input");
        assertThat(received(sandbox)).doesNotContain("rs_other").contains("Hi");

        ((ArrayNode) body.get("input"))
                .set(0, JSON.readTree("{\"type\":\"image_generation_call\",\"id\":\"ig_other\"}"));
        HttpResponse<String> refused = gateway.post(path(Wire.RESPONSES), key, body.toString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("item_not_found");
    }

    private static void makes(Wire wire, boolean stream, String container, String file, Sandbox sandbox) {
        String script = switch (wire) {
            case MESSAGES -> {
                String block =
                        "{\"type\":\"bash_code_execution_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":"
                                + "{\"type\":\"bash_code_execution_result\",\"stdout\":\"\",\"stderr\":\"\",\"return_code\":0,"
                                + "\"content\":[{\"type\":\"bash_code_execution_output\",\"file_id\":\"" + file
                                + "\"}]}}";
                String kept = ",\"container\":{\"id\":\"" + container + "\",\"expires_at\":\"2027-01-01T00:00:00Z\"}";
                yield stream ? messageStream(kept, block) : message(kept, block);
            }
            case RESPONSES -> {
                String items = "{\"type\":\"code_interpreter_call\",\"id\":\"ci_1\",\"status\":\"completed\","
                        + "\"container_id\":\"" + container + "\",\"code\":\"1\",\"outputs\":[]},"
                        + "{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\",\"role\":\"assistant\","
                        + "\"content\":[{\"type\":\"output_text\",\"text\":\"done\",\"annotations\":["
                        + "{\"type\":\"container_file_citation\",\"container_id\":\"" + container
                        + "\",\"file_id\":\"" + file + "\",\"filename\":\"a\",\"start_index\":0,\"end_index\":1}]}]}";
                yield stream ? responseStream("resp_1", items) : response("resp_1", items);
            }
            case CHAT -> {
                String audio = "\"audio\":{\"id\":\"" + container
                        + "\",\"data\":\"AAAA\",\"transcript\":\"hi\",\"expires_at\":1900000000}";
                yield stream
                        ? "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                                + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"hi\"," + audio
                                + "},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
                        : "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
                                + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"," + audio
                                + "},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
                                + "\"total_tokens\":2}}";
            }
            case GEMINI -> throw new IllegalArgumentException("hands nothing out");
        };
        sandbox.script(account(wire, "one"), script);
    }

    private static String message(String more, String blocks) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[" + blocks
                + ",{\"type\":\"text\",\"text\":\"done\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}" + more + "}";
    }

    private static String messageStream(String more, String... blocks) {
        StringBuilder events = new StringBuilder(event(
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],"
                        + "\"stop_reason\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}"));
        int index = 0;
        for (String block : blocks) {
            events.append(event("content_block_start", "\"index\":" + index + ",\"content_block\":" + block));
            events.append(event("content_block_stop", "\"index\":" + index++));
        }
        events.append(event(
                "content_block_start", "\"index\":" + index + ",\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        events.append(event(
                "content_block_delta",
                "\"index\":" + index + ",\"delta\":{\"type\":\"text_delta\",\"text\":\"done\"}"));
        events.append(event("content_block_stop", "\"index\":" + index));
        events.append(event(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null" + more
                        + "},\"usage\":{\"output_tokens\":1}"));
        return events.append(event("message_stop", "\"x\":0")).toString();
    }

    private static String response(String id, String items) {
        String text = "{\"type\":\"message\",\"id\":\"msg_2\",\"status\":\"completed\",\"role\":\"assistant\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"done\",\"annotations\":[]}]}";
        return "{\"id\":\"" + id
                + "\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"model\":\"m\","
                + "\"store\":" + id.startsWith("resp_kept") + ",\"output\":[" + items + (items.isEmpty() ? "" : ",")
                + text + "],\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}}";
    }

    private static String responseStream(String id, String items) {
        return event(
                        "response.created",
                        "\"sequence_number\":0,\"response\":{\"id\":\"" + id
                                + "\",\"object\":\"response\",\"status\":\"in_progress\",\"model\":\"m\",\"output\":[]}")
                + event(
                        "response.output_item.added",
                        "\"sequence_number\":1,\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"msg_2\","
                                + "\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}")
                + event(
                        "response.output_text.delta",
                        "\"sequence_number\":2,\"item_id\":\"msg_2\",\"output_index\":0,\"content_index\":0,"
                                + "\"delta\":\"done\"")
                + event("response.completed", "\"sequence_number\":3,\"response\":" + response(id, items));
    }

    private static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }

    /** What lets the provider make something. */
    private static ObjectNode asking(Wire wire, String model, boolean stream) {
        ObjectNode body = wire.ask(model, stream, "Hi", List.of());
        switch (wire) {
            case MESSAGES ->
                body.withArray("tools")
                        .addObject()
                        .put("type", "code_execution_20250825")
                        .put("name", "code_execution");
            case RESPONSES ->
                body.withArray("tools")
                        .addObject()
                        .put("type", "code_interpreter")
                        .putObject("container")
                        .put("type", "auto");
            default -> {
                body.putArray("modalities").add("text").add("audio");
                body.putObject("audio").put("voice", "alloy").put("format", "wav");
            }
        }
        return body;
    }

    /** What names what was made. */
    private static ObjectNode naming(Wire wire, String model, String container, String file) {
        ObjectNode body = wire.ask(model, false, "Hi", List.of());
        switch (wire) {
            case MESSAGES -> {
                body.put("container", container);
                ArrayNode content = body.putArray("messages")
                        .addObject()
                        .put("role", "user")
                        .putArray("content");
                content.addObject().put("type", "container_upload").put("file_id", file);
                content.addObject().put("type", "text").put("text", "Hi");
                body.withArray("tools")
                        .addObject()
                        .put("type", "code_execution_20250825")
                        .put("name", "code_execution");
            }
            case RESPONSES -> {
                body.withArray("tools")
                        .addObject()
                        .put("type", "code_interpreter")
                        .put("container", container);
                ((ArrayNode) body.get("input"))
                        .addObject()
                        .put("role", "user")
                        .putArray("content")
                        .addObject()
                        .put("type", "input_file")
                        .put("file_id", file);
            }
            default -> {
                ArrayNode messages = (ArrayNode) body.get("messages");
                messages.addObject().put("role", "assistant").putObject("audio").put("id", container);
                messages.addObject().put("role", "user").put("content", "Again");
            }
        }
        return body;
    }

    private static String provider(Wire wire) {
        return "keeper-" + wire.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String account(Wire wire, String account) {
        return "sandbox-" + provider(wire) + "-" + account;
    }

    private static long calls(Wire wire, Sandbox sandbox) {
        return sandbox.books(account(wire, "one")).calls()
                + sandbox.books(account(wire, "two")).calls();
    }

    private static String received(Sandbox sandbox) {
        return sandbox.books(account(Wire.RESPONSES, "one")).last().body();
    }

    private static String path(Wire wire) {
        return wire.path("m", false);
    }

    private static String keyOf(String team) {
        String secret = KeySecret.generate(new SecureRandom());
        gateway.bean(ApiKeyStore.class)
                .put(new ApiKey(
                        "kept-" + team,
                        KeyHash.ofKey(secret),
                        "org",
                        team,
                        ModelPatterns.of(List.of("*")),
                        Set.of(),
                        Set.of(ApiKey.HOSTED_TOOLS),
                        null,
                        true))
                .block(PATIENCE);
        for (Gateway one : List.of(gateway, other, keeping)) {
            one.bean(ApiKeys.class).refresh().block(PATIENCE);
        }
        return secret;
    }
}
