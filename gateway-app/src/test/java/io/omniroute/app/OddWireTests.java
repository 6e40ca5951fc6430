package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RawProvider;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a provider writes that keeps HTTP's and its format's rules loosely, or not at all. */
@ExtendWith(SandboxExtension.class)
class OddWireTests {

    private static final RawProvider PROVIDER = new RawProvider();
    private static final String EVENT =
            "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":%s}]}\n\n";
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String WHOLE =
            "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":23,\"total_tokens\":34}}";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.providers.odd.base-url=%1$s
                omniroute.providers.odd.formats=openai-chat
                omniroute.providers.odd.connections.main.api-key=x
                omniroute.providers.odd.deadlines.idle=1s
                omniroute.providers.hurried.base-url=%1$s
                omniroute.providers.hurried.formats=openai-chat
                omniroute.providers.hurried.connections.main.api-key=x
                omniroute.providers.hurried.deadlines.idle=1s
                omniroute.providers.hurried.deadlines.response-headers=500ms
                omniroute.providers.hurried.deadlines.stream=500ms
                omniroute.combos.hurry.targets=hurried/m,a/chat
                omniroute.providers.calm.base-url=%1$s
                omniroute.providers.calm.formats=openai-chat
                omniroute.providers.calm.connections.main.api-key=x
                omniroute.combos.pair.targets=odd/m,a/chat
                omniroute.combos.patient.targets=calm/m,a/chat
                omniroute.cooldowns.enabled=false
                """.formatted(PROVIDER.baseUrl()));
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        PROVIDER.close();
    }

    /** Hints before the answer are not the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
    void waitsForTheHeadBehindOthers(String interim) {
        PROVIDER.answers("HTTP/1.1 " + interim + "\r\nLink: </x>\r\n\r\n" + head(WHOLE) + WHOLE, true);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"Hi\"");
    }

    /** All is said, the terminator alone does not come, and nor does the end of the connection. */
    @Test
    void endsWhatIsComplete() {
        PROVIDER.answers(STREAM + chunk(EVENT.formatted("null")) + chunk(EVENT.formatted("\"stop\"")), true);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", true);
        assertThat(answer.body())
                .contains("\"stop\"")
                .endsWith("data: [DONE]\n\n")
                .doesNotContain("\"error\"");
    }

    /** As long as a provider is known to be there, all the same. */
    @Test
    void endsWhatIsCompleteAndGoesOnBreathing() {
        PROVIDER.answers(
                STREAM
                        + chunk(EVENT.formatted("null"))
                        + chunk(EVENT.formatted("\"stop\""))
                        + ("~".repeat(10) + chunk(": ping\n\n")).repeat(12),
                true);
        long start = System.nanoTime();
        HttpResponse<String> answer = gateway.chat(key, "calm/m", true);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(11));
    }

    /** Nor for the end of a connection on which nothing more can come, but what says nothing. */
    @Test
    void endsWhatIsTerminatedAndGoesOnBreathing() {
        PROVIDER.answers(
                STREAM
                        + chunk(EVENT.formatted("\"stop\""))
                        + chunk("data: [DONE]\n\n")
                        + ("~".repeat(5) + chunk(": ping\n\n")).repeat(40),
                true);
        long start = System.nanoTime();
        HttpResponse<String> answer = gateway.chat(key, "calm/m", true);
        assertThat(answer.body()).contains("data: [DONE]\n\n").doesNotContain("\"error\"");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    /** A reason with every piece of an answer ends none of them: it lasts for longer than one that is complete may wait. */
    @Test
    void goesOnBehindAReason() {
        PROVIDER.answers(
                STREAM
                        + (chunk(EVENT.formatted("\"stop\"")) + "~".repeat(7)).repeat(9)
                        + chunk(EVENT.formatted("\"length\""))
                        + chunk("data: [DONE]\n\n")
                        + "0\r\n\r\n",
                true);
        HttpResponse<String> answer = gateway.chat(key, "calm/m", true);
        assertThat(answer.body().split("\"Hi\"", -1)).hasSize(11);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    }

    /** Where it is cut, nobody knows that it was all. */
    @Test
    void believesNoReasonThatDidNotEndTheAnswer() {
        PROVIDER.answers(
                STREAM + chunk(EVENT.formatted("\"stop\"")) + chunk(EVENT.formatted("\"stop\"")) + "zz\r\n", true);
        assertThat(gateway.chat(key, "odd/m", true).body())
                .contains("\"Hi\"", "STREAM_EARLY_EOF")
                .doesNotContain("[DONE]");
    }

    /** What is no chunk is the provider's fault. */
    @Test
    void tellsWhoseFaultAChunkIsThatIsNone() {
        PROVIDER.answers(STREAM + chunk(EVENT.formatted("null")) + "~zz\r\n", true);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", true);
        assertThat(answer.body())
                .contains("\"Hi\"", "STREAM_EARLY_EOF")
                .doesNotContain("[DONE]")
                .doesNotContain("gateway failed");
    }

    /** All has been said and terminated: what breaks behind it is nobody's concern. */
    @Test
    void hearsAnErrorThatIsNoEvent() {
        PROVIDER.answers(
                STREAM
                        + chunk(EVENT.formatted("null"))
                        + chunk(
                                "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is overloaded.\",\n"
                                        + "    \"status\": \"UNAVAILABLE\"\n  }\n}\n")
                        + "0\r\n\r\n",
                true);
        assertThat(gateway.chat(key, "odd/m", true).body())
                .contains("\"Hi\"")
                .contains("service_unavailable", "the model is overloaded")
                .doesNotContain("STREAM_EARLY_EOF");
    }

    @Test
    void hearsNothingBehindTheTerminator() {
        PROVIDER.answers(STREAM + chunk(EVENT.formatted("\"stop\"")) + chunk("data: [DONE]\n\n") + "zz\r\n", true);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", true);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    }

    /** Clients read nothing of what is no event: an answer that leaves so would be lost, and told as complete. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"lost\"},\"finish_reason\":\"stop\"}]}\n\n",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lost\"}}]}\n\n"
            })
    void passesNothingOnThatIsNoEvent(String bare) {
        PROVIDER.answers(STREAM + chunk(bare) + chunk(EVENT.formatted("\"stop\"")) + "0\r\n\r\n", true);
        HttpResponse<String> other = gateway.chat(key, "pair", true);
        assertThat(other.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
        assertThat(gateway.chat(key, "odd/m", true).statusCode()).isEqualTo(502);
        PROVIDER.answers(
                STREAM + chunk(EVENT.formatted("null")) + chunk(bare) + chunk(EVENT.formatted("\"stop\""))
                        + "0\r\n\r\n",
                true);
        HttpResponse<String> late = gateway.chat(key, "odd/m", true);
        assertThat(late.body()).contains("\"error\"").doesNotContain("lost").doesNotContain("[DONE]");
        String last = bare.replace("\n\n", "").replace("\"lost\"}}", "\"lost\"},\"finish_reason\":\"stop\"}");
        for (String end : List.of("", "\n")) {
            PROVIDER.answers(STREAM + chunk(last + end) + "0\r\n\r\n", true);
            assertThat(gateway.chat(key, "odd/m", true).statusCode()).isEqualTo(502);
            PROVIDER.answers(STREAM + chunk(EVENT.formatted("null")) + chunk(last + end) + "0\r\n\r\n", true);
            assertThat(gateway.chat(key, "odd/m", true).body())
                    .contains("\"error\"")
                    .doesNotContain("[DONE]");
        }
        PROVIDER.answers(
                STREAM + chunk(EVENT.formatted("null")) + chunk(EVENT.formatted("\"stop\"")) + chunk(bare)
                        + "0\r\n\r\n",
                true);
        assertThat(gateway.chat(key, "odd/m", true).body())
                .endsWith("data: [DONE]\n\n")
                .doesNotContain("\"error\"");
    }

    /** Where a provider sends somebody else, a credential does not go. */
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void goesNowhereElse(int status) {
        PROVIDER.answers(
                "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + gateway.base()
                        + "/readyz\r\nContent-Length: 0\r\n\r\n",
                true);
        assertThat(gateway.chat(key, "odd/m", false).statusCode()).isEqualTo(502);
        assertThat(gateway.chat(key, "pair", true).headers().firstValue("X-OmniRoute-Provider"))
                .hasValue("a");
    }

    /** Another connection is tried where nobody else could answer. */
    @Test
    void closesAConnectionThatItHasKept() {
        String whole =
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"here\"},\"finish_reason\":\"stop\"}]}";
        PROVIDER.forgets(true);
        try {
            PROVIDER.answers(head(whole) + whole, true);
            for (int i = 0; i < 4; i++) {
                HttpResponse<String> answer = gateway.chat(key, "calm/m", false);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            assertThat(PROVIDER.requests()).isPositive();
            assertThat(gateway.chat(key, "patient", false).statusCode()).isEqualTo(200);
        } finally {
            PROVIDER.forgets(false);
        }
    }

    /** Wherever it breaks off. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"id\"",
                "{\"id\":",
                "{\"id\":\"c1\",",
                "{\"id\":\"c1\",\"choices\":[",
                "{\"id\":\"c1\",\"choices\":[{}"
            })
    void saysOfAWholeAnswerThatItBreaksOff(String begun) {
        PROVIDER.answers(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + begun, false);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", false);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("STREAM_EARLY_EOF");
    }

    /** Nobody streams an error, and it means the same as of a call that is not streamed. */
    @Test
    void readsAnErrorThatIsNotStreamed() {
        String error = "{\"error\":{\"message\":\"Rate limit reached. Please try again in 20s.\","
                + "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";
        PROVIDER.answers(head(error) + error, true);
        for (boolean stream : List.of(false, true)) {
            HttpResponse<String> answer = gateway.chat(key, "odd/m", stream);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("20");
        }
    }

    /** A server that does not know of several candidates gives one, and all of it. */
    @Test
    void takesOneCandidateForSeveral() {
        PROVIDER.answers(STREAM + chunk(EVENT.formatted("\"stop\"")) + chunk("data: [DONE]\n\n") + "0\r\n\r\n", true);
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions", key, Gateway.chatBody("odd/m", true).replaceFirst("\\{", "{\"n\":2,"));
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    }

    /** Where the end of the connection is the only end, a piece of an event or of an object is all that tells of a cut. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triesWhatIsCutCleanlyOnceMore(boolean stream) {
        PROVIDER.answers(
                "HTTP/1.0 200 OK\r\nContent-Type: " + (stream ? "text/event-stream" : "application/json") + "\r\n\r\n"
                        + (stream ? "data: {\"choices\":[{\"delta\":{\"con" : WHOLE.substring(0, 60)),
                false);
        int before = PROVIDER.requests();
        HttpResponse<String> answer = gateway.chat(key, "odd/m", stream);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        assertThat(answer.body()).contains("STREAM_EARLY_EOF");
        assertThat(PROVIDER.requests() - before).isEqualTo(2);
    }

    /** Clients would read the blank line that the gateway adds as the end of an event. */
    @Test
    void passesNoPieceOfAnEventBehindTheAnswer() {
        PROVIDER.answers(
                STREAM + chunk(EVENT.formatted("\"stop\""))
                        + chunk("data: {\"id\":\"chatcmpl-x\",\"object\":\"chat.comp") + "0\r\n\r\n",
                true);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", true);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("chat.comp\n");
    }

    /** What is left behind an answer is no answer to the next call on the same connection. */
    @ParameterizedTest
    @ValueSource(strings = {"", "~"})
    void takesNoRestOfAnAnswerForTheNext(String later) {
        PROVIDER.answers(head(WHOLE) + WHOLE + later + "}}", true);
        int before = PROVIDER.requests();
        for (int i = 0; i < 4; i++) {
            HttpResponse<String> answer = gateway.chat(key, "odd/m", false);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        if (later.isEmpty()) {
            assertThat(PROVIDER.requests() - before).isEqualTo(4);
        }
    }

    @Test
    void tellsWhenAProviderThatFailsWillBeBack() {
        PROVIDER.answers("HTTP/1.1 500 Oh\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", true);
        HttpResponse<String> answer = gateway.chat(key, "odd/m", false);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    }

    /** An answer that never ends in pieces that each come in time. */
    @Test
    void doesNotWaitForAnAnswerWithoutEnd() {
        PROVIDER.answers(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n" + " ~".repeat(60),
                true);
        HttpResponse<String> answer = gateway.chat(key, "hurry", false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
    }

    /** The status of a failure says enough: the rest of its body is not waited for. */
    @Test
    void doesNotWaitForTheRestOfAnError() {
        PROVIDER.answers(
                "HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"err", true);
        long start = System.nanoTime();
        HttpResponse<String> answer = gateway.chat(key, "patient", false);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    /** A failure in an answer that looks good is not the client's going: the record has the answer of whoever took over. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}", "", "{\"choices\":[{"})
    void recordsWhoTookOver(String body) {
        PROVIDER.answers(head(body) + body, true);
        HttpResponse<String> answer = gateway.chat(key, "pair", false);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
        String id = answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        String manager = gateway.key(List.of("*"), Set.of(), Set.of("manage"), null);
        String path = "/api/usage/route-explain/" + id;
        Eventually.until("it is on record", Duration.ofSeconds(5), () -> {
            String record = gateway.get(path, manager).body();
            return record.contains("\"ending\":\"complete\"") && record.contains("\"estimated\":false");
        });
    }

    private static String head(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}
