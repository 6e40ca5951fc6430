package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.filters.combo.Waits;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Combos inside combos, what targets can do, and what a combo does when none of them answers. */
@ExtendWith(SandboxExtension.class)
class ComboTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String SETTINGS = """
            omniroute.combos.turns.strategy=round-robin
            omniroute.combos.turns.targets=b/one,c/one
            omniroute.combos.outer.targets=a/one,turns
            omniroute.combos.spread.strategy=round-robin
            omniroute.combos.spread.targets=turns,a/one
            omniroute.combos.able.targets=a/deaf,b/one
            omniroute.combos.unable.targets=a/deaf,b/deaf
            omniroute.combos.unchecked.targets=a/deaf,b/one
            omniroute.combos.unchecked.check-capabilities=false
            omniroute.combos.large.targets=a/deaf,b/one
            omniroute.combos.large.min-context-window=2000
            omniroute.combos.families.targets=a/one,b/large-one
            omniroute.combos.families.families=large-*
            omniroute.combos.again.targets=a/again,b/again
            omniroute.combos.again.retries=2
            omniroute.combos.again.retry-delay=10ms
            omniroute.providers.%s.models.deaf.facts.tools=false
            omniroute.providers.%s.models.deaf.facts.vision=false
            omniroute.providers.%s.models.deaf.facts.structured-output=false
            omniroute.providers.%s.models.deaf.facts.context-window=1000
            """;

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder settings = new StringBuilder();
        SETTINGS.lines()
                .forEach(line -> List.of("a", "b")
                        .subList(0, line.contains("%s") ? 2 : 1)
                        .forEach(provider ->
                                settings.append(line.formatted(provider)).append('\n')));
        settings.append("""
                omniroute.limits.attempts=8
                omniroute.combos.steps.strategy=pipeline
                omniroute.combos.steps.targets=a/deaf,b/one
                omniroute.combos.accounts.strategy=round-robin
                omniroute.combos.accounts.targets=many/one,a/one
                omniroute.combos.planner.strategy=round-robin
                omniroute.combos.planner.targets=many/two,a/one
                omniroute.combos.executor.strategy=round-robin
                omniroute.combos.executor.targets=many/three,a/one
                omniroute.providers.many.base-url=%1$s
                omniroute.providers.many.formats=openai-chat
                omniroute.providers.many.accounts=round-robin
                omniroute.providers.many.accounts-sticky=1
                omniroute.providers.many.connections.x.api-key=sandbox-turns-x
                omniroute.providers.many.connections.y.api-key=sandbox-turns-y
                omniroute.providers.endless.base-url=%1$s
                omniroute.providers.endless.formats=openai-chat
                omniroute.providers.endless.connections.main.api-key=sandbox-endless
                omniroute.combos.endless.targets=%2$s
                omniroute.combos.hurried.targets=a/503-slow-4s,%2$s
                omniroute.combos.hurried.hedge-after=20ms
                """.formatted(
                        sandbox.baseUrl(),
                        java.util.stream.IntStream.range(0, 20)
                                .mapToObj(i -> "endless/500-slow-" + i + "ms")
                                .collect(java.util.stream.Collectors.joining(","))));
        gateway = Gateway.start(sandbox, settings.toString());
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void fallsBackIntoAnotherCombo(Sandbox sandbox) {
        List<String> providers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sandbox.script(Gateway.CONNECTION_KEY + "-a", "500");
            providers.add(provider(gateway.chat(key, "outer", false)));
        }
        assertThat(providers).containsExactly("b", "c", "b", "c");
        assertThat(provider(gateway.chat(key, "outer", false))).isEqualTo("a");
    }

    /** Each of the two members has every second call, and inside the first each target every second of those. */
    @Test
    void takesTurnsOnEveryLevel() {
        Map<String, Integer> calls = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            calls.merge(provider(gateway.chat(key, "spread", false)), 1, Integer::sum);
        }
        assertThat(calls).isEqualTo(Map.of("a", 4, "b", 2, "c", 2));
    }

    /** The accounts of a target have their turns as often as one another, although the target has only every second. */
    @Test
    void givesEveryAccountOfATargetItsTurn(Sandbox sandbox) {
        sandbox.forget();
        for (int i = 0; i < 8; i++) {
            assertThat(gateway.chat(key, "accounts", false).statusCode()).isEqualTo(200);
        }
        assertThat(sandbox.books("sandbox-turns-x").calls()).isEqualTo(2);
        assertThat(sandbox.books("sandbox-turns-y").calls()).isEqualTo(2);
    }

    /** Nor does it matter how the turns of two combos come one behind another that have the same accounts. */
    @Test
    void givesEveryAccountItsTurnWhereTwoCombosHaveIt(Sandbox sandbox) {
        sandbox.forget();
        for (int i = 0; i < 8; i++) {
            gateway.chat(key, "planner", false);
            gateway.chat(key, "executor", false);
        }
        assertThat(sandbox.books("sandbox-turns-x").calls()).isEqualTo(4);
        assertThat(sandbox.books("sandbox-turns-y").calls()).isEqualTo(4);
    }

    @Test
    void makesNoMoreAttemptsThanACallMay(Sandbox sandbox) {
        long before = sandbox.books("sandbox-endless").calls();
        HttpResponse<String> answer = gateway.chat(key, "endless", false);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers()
                        .firstValue("x-omniroute-combo-attempted")
                        .orElseThrow()
                        .split(", "))
                .hasSize(8);
        assertThat(sandbox.books("sandbox-endless").calls() - before).isEqualTo(8);
    }

    /** Beside one that is silent no more are tried than without it. */
    @Test
    void makesNoMoreAttemptsBesideOneThatIsSilent(Sandbox sandbox) {
        long before = sandbox.books("sandbox-endless").calls();
        assertThat(gateway.chat(key, "hurried", false).statusCode()).isEqualTo(503);
        assertThat(sandbox.books("sandbox-endless").calls() - before).isEqualTo(7);
    }

    /** Where one step cannot take the call, the others do not answer without it. */
    @Test
    void leavesOutNoStepOfAPipeline() {
        String tall = Gateway.chatBody("steps", false).replace("Hello there", "word ".repeat(2_000));
        assertThat(gateway.post("/v1/chat/completions", key, tall).statusCode()).isEqualTo(400);
        assertThat(gateway.chat(key, "steps", false).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT|{'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}]}",
                "CHAT|{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo='}}]}]}",
                "CHAT|{'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':{'type':'object'}}}}",
                "MESSAGES|{'tools':[{'name':'f','input_schema':{'type':'object'}}]}",
                "MESSAGES|{'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'iVBORw0KGgo='}}]}]}",
                "RESPONSES|{'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}]}",
                "RESPONSES|{'text':{'format':{'type':'json_schema','name':'x','schema':{'type':'object'}}}}",
                "GEMINI|{'tools':[{'functionDeclarations':[{'name':'f'}]}]}",
                "GEMINI|{'contents':[{'role':'user','parts':[{'inlineData':{'mimeType':'image/png','data':'iVBORw0KGgo='}}]}]}",
                "GEMINI|{'generationConfig':{'responseMimeType':'application/json','responseSchema':{'type':'object'}}}"
            })
    void leavesOutWhatCannotDoIt(Wire wire, String needs) {
        String with = asking(wire, "able", needs);
        assertThat(provider(gateway.post(wire.path("able", false), key, with))).isEqualTo("b");
        String without = asking(wire, "able", "{}");
        assertThat(provider(gateway.post(wire.path("able", false), key, without)))
                .isEqualTo("a");
        String unchecked = asking(wire, "unchecked", needs);
        assertThat(provider(gateway.post(wire.path("unchecked", false), key, unchecked)))
                .isEqualTo("a");
    }

    @Test
    void refusesWhatNoneCanDoAndSaysWhy() {
        String body = asking(Wire.CHAT, "unable", "{'tools':[{'type':'function','function':{'name':'f'}}]}");
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("capability_mismatch").contains("no-tools");
        assertThat(answer.headers().firstValue("x-omniroute-recovery-action")).hasValue("switch-combo");
    }

    /** How long a prompt is, is only estimated: where it seems to fit nowhere, the providers decide. */
    @Test
    void sendsALongPromptToALargeWindow() {
        String words = "word ".repeat(2_000);
        String able = Gateway.chatBody("able", false).replace("Hello", words);
        assertThat(provider(gateway.post("/v1/chat/completions", key, able))).isEqualTo("b");
        String unable = Gateway.chatBody("unable", false).replace("Hello", words);
        assertThat(gateway.post("/v1/chat/completions", key, unable).statusCode())
                .isEqualTo(200);
    }

    @Test
    void usesOnlyWhatTheComboDemands() {
        assertThat(provider(gateway.chat(key, "large", false))).isEqualTo("b");
        assertThat(provider(gateway.chat(key, "families", false))).isEqualTo("b");
    }

    @Test
    void triesAllOfThemAgain(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-a", "500", "500", "500");
        sandbox.script(Gateway.CONNECTION_KEY + "-b", "500", "503");
        HttpResponse<String> answer = gateway.chat(key, "again", false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(provider(answer)).isEqualTo("b");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).hasValue("5");
    }

    @Test
    void waitsForWhatRests(Sandbox sandbox) throws Exception {
        try (Gateway patient = Gateway.start(sandbox, patient(sandbox, "waits"))) {
            sandbox.script("sandbox-waits", "429-retry-1s", "ok", "429-retry-30s");
            String its = patient.key();
            assertThat(patient.chat(its, "patient", false).statusCode()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-waits").calls()).isEqualTo(2);
            // what it asks for now is longer than a call may wait
            HttpResponse<String> refused = patient.chat(its, "patient", false);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
            assertThat(patient.bean(Waits.class).current()).isZero();
        }
    }

    /** What combos say of themselves is said once of all models that are called by their own names. */
    @Test
    void waitsForAModelThatIsCalledByItsName(Sandbox sandbox) {
        String settings = patient(sandbox, "named")
                + "omniroute.patience.wait-for-cooldown=5s\nomniroute.patience.retries=1\nomniroute.patience.retry-delay=1ms\n";
        try (Gateway patient = Gateway.start(sandbox, settings)) {
            String its = patient.key();
            sandbox.script("sandbox-named", "429-retry-1s");
            assertThat(patient.chat(its, "named/chat", false).statusCode()).isEqualTo(200);
            sandbox.script("sandbox-named", "500");
            assertThat(patient.chat(its, "named/chat", true).statusCode()).isEqualTo(200);
            assertThat(sandbox.books("sandbox-named").calls()).isEqualTo(4);
        }
    }

    @Test
    void stopsWaitingWhenTheClientLeaves(Sandbox sandbox) {
        try (Gateway patient = Gateway.start(
                sandbox, patient(sandbox, "impatient") + "\nomniroute.combos.patient.wait-for-cooldown=60s")) {
            sandbox.script("sandbox-impatient", "429-retry-30s");
            Waits waits = patient.bean(Waits.class);
            CompletableFuture<?> leaving = patient.sendAsync(patient.request("/v1/chat/completions", patient.key())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("patient", false)))
                    .build());
            Eventually.until("it waits", PATIENCE, () -> waits.current() == 1);
            leaving.cancel(true);
            Eventually.until("it does not wait any more", PATIENCE, () -> waits.current() == 0);
            assertThat(sandbox.books("sandbox-impatient").calls()).isEqualTo(1);
        }
    }

    /** Whoever finds as many waiting as may wait takes what there is. */
    @Test
    void letsNoMoreWaitThanMay(Sandbox sandbox) {
        try (Gateway patient = Gateway.start(
                sandbox,
                patient(sandbox, "crowded")
                        + "\nomniroute.combos.patient.wait-for-cooldown=60s\nomniroute.limits.waiting=1\n")) {
            String its = patient.key();
            sandbox.script("sandbox-crowded", "429-retry-30s", "429-retry-30s");
            Waits waits = patient.bean(Waits.class);
            CompletableFuture<?> first = patient.sendAsync(patient.request("/v1/chat/completions", its)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("patient", false)))
                    .build());
            Eventually.until("it waits", PATIENCE, () -> waits.current() == 1);
            assertThat(patient.chat(its, "patient", false).statusCode()).isEqualTo(429);
            assertThat(waits.current()).isEqualTo(1);
            first.cancel(true);
            Eventually.until("it does not wait any more", PATIENCE, () -> waits.current() == 0);
        }
    }

    private static String patient(Sandbox sandbox, String provider) {
        return """
                omniroute.cooldowns.enabled=true
                omniroute.combos.patient.targets=%1$s/chat
                omniroute.combos.patient.wait-for-cooldown=5s
                omniroute.providers.%1$s.base-url=%2$s
                omniroute.providers.%1$s.formats=openai-chat
                omniroute.providers.%1$s.connections.main.api-key=sandbox-%1$s
                """.formatted(provider, sandbox.baseUrl());
    }

    private static String asking(Wire wire, String model, String needs) {
        var body = wire.ask(model, false, "Hello", List.of());
        JsonNode more = JSON.readTree(needs.replace('\'', '"'));
        more.properties().forEach(field -> body.set(field.getKey(), field.getValue()));
        return body.toString();
    }

    private static String provider(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-OmniRoute-Provider").orElseGet(() -> answer.statusCode() + answer.body());
    }
}
