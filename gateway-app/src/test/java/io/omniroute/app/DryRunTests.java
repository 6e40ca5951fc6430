package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call that is only explained meets what one that is sent meets: in every situation in which a choice depends on something, the
 * explanation is what the record of the next call says, and the call ends as it was told.
 */
@ExtendWith(SandboxExtension.class)
class DryRunTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ROUNDS = 2;
    private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello there\"}]";
    private static final String PICTURE = "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
            + "\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]";
    private static final String LONG = "[{\"role\":\"user\",\"content\":\"" + "word ".repeat(2_000) + "\"}]";
    private static final String FUNCTION = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";

    /** Of what a choice says, what is another in the next moment. */
    private static final Set<String> MOMENTARY = Set.of("rests_ms", "score");

    private static Gateway gateway;
    private static String key;
    private static String manager;

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder settings = new StringBuilder("""
                omniroute.cooldowns.enabled=true
                omniroute.breakers.enabled=true
                omniroute.breakers.failures=2
                omniroute.breakers.reset=2m
                omniroute.auto.exploration=0
                omniroute.shaping.suffixes=true
                omniroute.shaping.tasks.models.vision=b/chat
                omniroute.shaping.tasks.instead-of=routed
                omniroute.providers.a.models.blind.facts.vision=false
                omniroute.providers.a.models.handless.facts.tools=false
                omniroute.providers.a.models.loose.facts.structured-output=false
                omniroute.providers.a.models.narrow.facts.context-window=1000
                omniroute.providers.a.models.wide.facts.context-window=200000
                omniroute.providers.b.connections.main.tags=eu
                omniroute.providers.several.accounts=round-robin
                omniroute.providers.several.accounts-sticky=1
                omniroute.providers.counting.formats=anthropic-messages
                """);
        for (String provider : List.of("resting", "broken", "off", "several", "counting")) {
            settings.append("omniroute.providers.%s.base-url=%s\n".formatted(provider, sandbox.baseUrl()));
            if (!provider.equals("counting")) {
                settings.append("omniroute.providers.%s.formats=openai-chat\n".formatted(provider));
            }
            settings.append("omniroute.providers.%1$s.connections.main.api-key=sandbox-dry-%1$s\n".formatted(provider));
        }
        settings.append("omniroute.providers.off.connections.main.enabled=false\n")
                .append("omniroute.providers.several.connections.spare.api-key=sandbox-dry-spare\n")
                .append("omniroute.providers.several.connections.spare.tags=eu\n");
        combo(settings, "plain", "priority", "a/chat,b/chat,c/chat");
        combo(settings, "in-turn", "round-robin", "a/chat,b/chat,c/chat");
        combo(settings, "by-use", "least-used", "a/chat,b/chat,c/chat");
        combo(settings, "by-prompt", "cache-optimized", "a/chat,b/chat,c/chat");
        combo(settings, "in-session", "round-robin", "a/chat,b/chat,c/chat");
        combo(settings, "accounts", "priority", "several/chat,a/chat");
        combo(settings, "resting", "priority", "resting/chat,b/chat");
        combo(settings, "broken", "round-robin", "broken/chat,b/chat");
        combo(settings, "windows", "priority", "a/narrow,a/wide,b/chat");
        combo(settings, "able", "round-robin", "a/blind,a/handless,a/loose,b/chat");
        combo(settings, "unable", "priority", "a/blind,a/blind@main");
        combo(settings, "demanding", "priority", "a/narrow,a/wide");
        settings.append("omniroute.combos.demanding.min-context-window=100000\n");
        combo(settings, "inner", "round-robin", "b/chat,c/chat");
        combo(settings, "outer", "round-robin", "a/chat,inner");
        combo(settings, "outer-resting", "priority", "resting,inner");
        combo(settings, "partly", "priority", "off/chat,b/chat");
        combo(settings, "never", "priority", "off/chat,off/other");
        combo(settings, "counted", "round-robin", "counting/one,counting/two");
        combo(settings, "scored", "auto", "a/blind,b/chat,c/chat");
        combo(settings, "routed", "priority", "a/chat,c/chat");
        combo(settings, "steps", "pipeline", "b/one,c/two");
        combo(settings, "blind-steps", "pipeline", "b/one,a/blind");
        combo(settings, "panel", "fusion", "a/one,resting/chat,b/two,c/three");
        settings.append("omniroute.combos.panel.panel-most=2\n");
        combo(settings, "blind-panel", "fusion", "a/blind,b/two,c/three");
        combo(settings, "lone-panel", "fusion", "a/blind,b/two");
        combo(settings, "relay", "context-relay", "a/chat,b/chat");
        gateway = Gateway.start(sandbox, settings.toString());
        key = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.HOSTED_TOOLS), null);
        manager = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
        sandbox.script("sandbox-dry-resting", "429-retry-60s");
        call(new Situation("it rests", "resting"));
        sandbox.script("sandbox-dry-broken", Collections.nCopies(4, "500"));
        for (int i = 0; i < 4; i++) {
            call(new Situation("its breaker opens", "broken"));
        }
        call(new Situation("it has a session", "in-session").session("dry"));
    }

    private static void combo(StringBuilder settings, String name, String strategy, String targets) {
        settings.append("omniroute.combos.%s.strategy=%s\n".formatted(name, strategy))
                .append("omniroute.combos.%s.targets=%s\n".formatted(name, targets));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /**
     * What a choice depends on.
     *
     * @param more further fields of the request
     * @param chance whether the order is one of chance
     */
    private record Situation(
            String name,
            String model,
            String messages,
            String more,
            String operation,
            String session,
            String mode,
            List<String> tags,
            boolean chance) {

        Situation(String name, String model) {
            this(name, model, HELLO, "", "chat", "", "", List.of(), false);
        }

        Situation saying(String other) {
            return new Situation(name, model, other, more, operation, session, mode, tags, chance);
        }

        Situation with(String fields) {
            return new Situation(name, model, messages, fields, operation, session, mode, tags, chance);
        }

        Situation toDo(String other) {
            return new Situation(name, model, messages, more, other, session, mode, tags, chance);
        }

        Situation session(String other) {
            return new Situation(name, model, messages, more, operation, other, mode, tags, chance);
        }

        Situation mode(String other) {
            return new Situation(name, model, messages, more, operation, session, other, tags, true);
        }

        Situation tagged(String... wanted) {
            return new Situation(name, model, messages, more, operation, session, mode, List.of(wanted), chance);
        }

        String format() {
            return operation.equals("count-tokens") ? "anthropic-messages" : "openai-chat";
        }

        String path() {
            return switch (operation) {
                case "embeddings" -> "/v1/embeddings";
                case "count-tokens" -> "/v1/messages/count_tokens";
                default -> "/v1/chat/completions";
            };
        }

        String request() {
            String asked = operation.equals("embeddings") ? "\"input\":\"Hello\"" : "\"messages\":" + messages;
            return "{\"model\":\"" + model + "\"," + asked + (more.isEmpty() ? "" : "," + more) + "}";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Situation> situations() {
        return Stream.of(
                new Situation("one model", "a/chat"),
                new Situation("an order", "plain"),
                new Situation("turns", "in-turn"),
                new Situation("use", "by-use"),
                new Situation("a prompt's beginning", "by-prompt"),
                new Situation("a key of a cache", "by-prompt").with("\"prompt_cache_key\":\"k7\""),
                new Situation("a session with somebody", "in-session").session("dry"),
                new Situation("a new session", "by-prompt").session("other"),
                new Situation("turns of accounts", "accounts"),
                new Situation("a rest", "resting"),
                new Situation("an open breaker", "broken"),
                new Situation("a prompt that fits", "windows"),
                new Situation("a prompt that is too long", "windows").saying(LONG),
                new Situation("a picture", "able").saying(PICTURE),
                new Situation("functions", "able").with(FUNCTION),
                new Situation("a picture and functions", "able").saying(PICTURE).with(FUNCTION),
                new Situation("a schema", "able")
                        .with(
                                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":{\"type\":\"object\"}}}"),
                new Situation("a picture for the blind", "unable").saying(PICTURE),
                new Situation("a demand", "demanding"),
                new Situation("a combo in a combo", "outer"),
                new Situation("a rest inside", "outer-resting"),
                new Situation("an account that is off", "partly"),
                new Situation("all accounts off", "never"),
                new Situation("tags of some", "plain").tagged("eu"),
                new Situation("tags of an account", "accounts").tagged("eu"),
                new Situation("tags of nobody", "plain").tagged("eu", "us"),
                new Situation("tags beside an account that is off", "partly").tagged("eu"),
                new Situation("an operation that some offer", "plain").toDo("embeddings"),
                new Situation("an operation that one does not offer", "a/chat").toDo("embeddings"),
                new Situation("a count", "counted").toDo("count-tokens"),
                new Situation("a count with tags of nobody", "counted")
                        .toDo("count-tokens")
                        .tagged("us"),
                new Situation("scores", "scored").mode("quality").saying(PICTURE),
                new Situation("a name with an effort", "plain-high"),
                new Situation("a task's own model", "routed").saying(PICTURE),
                new Situation("steps", "steps"),
                new Situation("steps and functions", "steps").with(FUNCTION),
                new Situation("steps and a search", "steps").with("\"web_search_options\":{}"),
                new Situation("a step that cannot", "blind-steps").saying(PICTURE),
                new Situation("a panel of which one rests", "panel"),
                new Situation("a panel of which one cannot", "blind-panel").saying(PICTURE),
                new Situation("a panel of which one can", "lone-panel").saying(PICTURE),
                new Situation("a relay", "relay"),
                new Situation("a relay and a picture", "relay").saying(PICTURE));
    }

    /** Nobody else calls in between, so that turns are the same. */
    @ParameterizedTest
    @MethodSource("situations")
    void saysWhatTheRecordOfTheNextCallSays(Situation situation) {
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode dry = explain(situation);
            HttpResponse<String> answer = call(situation);
            JsonNode record = decided(answer);
            assertThat(answer.statusCode())
                    .as(dry + "\n" + answer.body())
                    .isEqualTo(dry.path("refused").path("status").asInt(200));
            assertThat(record.path("asked").asString())
                    .isEqualTo(dry.path("shaped").asString(dry.path("asked").asString()));
            if (dry.has("together")) {
                assertThat(whoWorked(record)).as(record.toString()).isEqualTo(names(dry.path("together")));
            } else {
                assertThat(choice(record, situation.chance())).isEqualTo(choice(dry, situation.chance()));
                assertThat(record.has("parts")).isFalse();
                assertThat(record.at("/attempts/0/target").asString("nobody"))
                        .as(record.toString())
                        .isIn(situation.chance() ? ready(dry) : first(ready(dry)));
            }
        }
    }

    /** What is told of a choice by both, without what is another in the next moment. */
    private static Map<String, Object> choice(JsonNode told, boolean chance) {
        List<String> candidates = told.path("candidates")
                .valueStream()
                .map(candidate -> {
                    ObjectNode lasting = candidate.deepCopy().asObject();
                    MOMENTARY.stream().filter(lasting::has).forEach(field -> lasting.put(field, "some"));
                    return lasting.toString();
                })
                .toList();
        return Map.of(
                "resolved", told.path("resolved").asString(),
                "strategy", told.path("strategy").asString(),
                "turn", told.path("turn").asLong(),
                "mode", told.path("mode").asString(""),
                "task", told.path("task").asString(""),
                "candidates", chance ? candidates.stream().sorted().toList() : candidates);
    }

    /** Who may be tried first: what is ready, and of all else nobody. */
    private static List<String> ready(JsonNode dry) {
        List<String> ready = dry.path("candidates")
                .valueStream()
                .filter(candidate -> candidate.path("state").asString().equals("ready"))
                .map(candidate -> candidate.path("target").asString())
                .toList();
        return dry.has("refused") || ready.isEmpty() ? List.of("nobody") : ready;
    }

    private static List<String> first(List<String> names) {
        return names.subList(0, 1);
    }

    private static Set<String> whoWorked(JsonNode record) {
        Set<String> worked = new TreeSet<>();
        record.path("parts")
                .forEach(part -> worked.add(
                        kept(part.asString()).at("/attempts/0/target").asString()));
        record.path("attempts")
                .forEach(attempt -> worked.add(attempt.path("target").asString()));
        return worked;
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new TreeSet<>();
        list.forEach(name -> names.add(name.asString()));
        return names;
    }

    private static JsonNode explain(Situation situation) {
        ObjectNode question = JsonMapper.shared().createObjectNode();
        question.put("key", "test-" + KeyHash.ofKey(key).hex().substring(0, 8));
        question.put("operation", situation.operation());
        question.put("format", situation.format());
        question.put("session", situation.session());
        if (!situation.mode().isEmpty()) {
            question.put("mode", situation.mode());
        }
        situation.tags().forEach(question.putArray("tags")::add);
        question.set("request", JsonMapper.shared().readTree(situation.request()));
        HttpResponse<String> answer = gateway.post("/api/routes/explain", manager, question.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static HttpResponse<String> call(Situation situation) {
        HttpRequest.Builder request = gateway.request(situation.path(), key).header("Content-Type", "application/json");
        header(request, "X-Session-Id", situation.session());
        header(request, "X-OmniRoute-Mode", situation.mode());
        header(request, "X-OmniRoute-Tags", String.join(",", situation.tags()));
        return gateway.send(request.POST(HttpRequest.BodyPublishers.ofString(situation.request()))
                .build());
    }

    private static void header(HttpRequest.Builder request, String name, String value) {
        if (!value.isEmpty()) {
            request.header(name, value);
        }
    }

    private static JsonNode decided(HttpResponse<String> answer) {
        return kept(answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow());
    }

    private static JsonNode kept(String id) {
        AtomicReference<String> record = new AtomicReference<>("");
        Eventually.until("the decision is kept", PATIENCE, () -> {
            HttpResponse<String> kept = gateway.get("/api/usage/route-explain/" + id, manager);
            record.set(kept.body());
            return kept.statusCode() == 200;
        });
        return JsonMapper.shared().readTree(record.get());
    }
}
