package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.config.ModelPatterns;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.Quota;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Conversations that go on at another account, which is told what they were about. */
@ExtendWith(SandboxExtension.class)
class ContextRelayTests {

    private static final String ONE = "sandbox-relay-1";
    private static final String TWO = "sandbox-relay-2";
    private static final String TELLS = "You take this conversation over";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder providers = new StringBuilder();
        for (String name : List.of("relay1", "relay2")) {
            String prefix = "omniroute.providers." + name + ".";
            providers
                    .append(prefix)
                    .append("base-url=")
                    .append(sandbox.baseUrl())
                    .append('\n');
            providers.append(prefix).append("formats=openai-chat\n");
            providers
                    .append(prefix)
                    .append("connections.main.api-key=sandbox-relay-")
                    .append(name.charAt(5))
                    .append('\n');
        }
        gateway = Gateway.start(sandbox, providers + """
                omniroute.combos.relay.strategy=context-relay
                omniroute.combos.relay.targets=relay1/chat,relay2/chat
                omniroute.combos.written.strategy=context-relay
                omniroute.combos.written.targets=relay1/chat,relay2/chat
                omniroute.combos.written.judge=relay2/chat
                """);
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void tellsWhoTakesOverWhatItWasAbout(Sandbox sandbox) {
        String session = UUID.randomUUID().toString();
        left("relay1@main", 0.5);
        assertThat(ask(session).statusCode()).isEqualTo(200);
        assertThat(sandbox.books(ONE).last().body()).doesNotContain("Another assistant is going to take over");

        left("relay1@main", 0.1);
        long before = sandbox.books(ONE).calls();
        assertThat(ask(session).statusCode()).isEqualTo(200);
        awaitSummary(sandbox, before);
        Eventually.until("the summary is kept", Duration.ofSeconds(30), () -> {
            // if the failure has met a summary, this call makes another
            ask(session);
            sandbox.script(ONE, "500");
            ask(session);
            return sandbox.books(TWO).last().body().contains(TELLS);
        });
        assertThat(sandbox.books(TWO).last().body()).contains("You said: Another assistant");
    }

    @Test
    void tellsNothingWithoutANameOfTheConversation(Sandbox sandbox) {
        left("relay1@main", 0.1);
        long before = sandbox.books(ONE).calls();
        HttpResponse<String> answer = gateway.chat(key, "relay", false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(sandbox.books(ONE).calls()).isEqualTo(before + 1);
    }

    /** An error lists who was tried. */
    @Test
    void saysWhoHasFailed(Sandbox sandbox) {
        // enough is left, so that nobody writes a summary, who would be told to fail instead
        left("relay1@main", 0.5);
        sandbox.script(ONE, "500");
        sandbox.script(TWO, "500");
        HttpResponse<String> answer = ask(UUID.randomUUID().toString());
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("x-omniroute-combo-attempted"))
                .hasValueSatisfying(tried -> assertThat(tried).contains("relay1/chat", "relay2/chat"));
        assertThat(answer.headers().firstValue("x-omniroute-combo-excluded")).isEmpty();
    }

    /** A call and the summary beside it, since that many calls. */
    private static void awaitSummary(Sandbox sandbox, long before) {
        Eventually.until(
                "the summary is written",
                Duration.ofSeconds(30),
                () -> sandbox.books(ONE).calls() == before + 2
                        && sandbox.books(ONE).open() == 0);
    }

    /** What is kept for one team is not told to another, whatever it calls its conversation. */
    @Test
    void keepsSessionsApart(Sandbox sandbox) {
        String session = UUID.randomUUID().toString();
        left("relay1@main", 0.1);
        long before = sandbox.books(ONE).calls();
        ask(session);
        awaitSummary(sandbox, before);
        Eventually.until("it is kept and told", Duration.ofSeconds(30), () -> {
            sandbox.script(ONE, "500");
            ask(session);
            return sandbox.books(TWO).last().body().contains(TELLS);
        });
        left("relay1@main", 0.5);
        sandbox.script(ONE, "500");
        gateway.send(request("relay", session, keyOf("another-team")));
        assertThat(sandbox.books(TWO).last().body()).contains("Hello").doesNotContain(TELLS);
    }

    /** What is nearly used up has nothing left for a summary. */
    @Test
    void writesNoSummaryTooLate(Sandbox sandbox) {
        String session = UUID.randomUUID().toString();
        left("relay1@main", 0.04);
        long before = sandbox.books(ONE).calls();
        ask(session);
        assertThat(sandbox.books(ONE).calls()).isEqualTo(before + 1);
        sandbox.script(ONE, "500");
        ask(session);
        assertThat(sandbox.books(TWO).last().body()).doesNotContain(TELLS);
    }

    /** The answer is whole for its client while the summary is still being written. */
    @Test
    void doesNotHoldTheAnswerBackForTheSummary(Sandbox sandbox) {
        left("relay1@main", 0.1);
        sandbox.script(TWO, "slow-4s");
        long asked = sandbox.books(TWO).calls();
        long begun = System.nanoTime();
        HttpResponse<String> answer =
                gateway.send(request("written", UUID.randomUUID().toString()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        Eventually.until(
                "the summary is written all the same",
                Duration.ofSeconds(8),
                () -> sandbox.books(TWO).calls() == asked + 1
                        && sandbox.books(TWO).open() == 0
                        && sandbox.books(TWO).outputTokens() > 0);
    }

    /** Who leaves takes the summary along. */
    @Test
    void endsTheSummaryWithItsClient(Sandbox sandbox) {
        String session = UUID.randomUUID().toString();
        left("relay1@main", 0.1);
        sandbox.script(ONE, "hang", "hang");
        CompletableFuture<HttpResponse<String>> leaving = gateway.sendAsync(request(session));
        Eventually.until(
                "both run", Duration.ofSeconds(5), () -> sandbox.books(ONE).open() == 2);
        leaving.cancel(true);
        Eventually.until(
                "both have ended",
                Duration.ofSeconds(5),
                () -> sandbox.books(ONE).open() == 0);
    }

    /** The same in the middle of the answer. */
    @Test
    void endsTheSummaryWithAClientThatHasReadAPart(Sandbox sandbox) throws IOException {
        left("relay1@main", 0.1);
        sandbox.script(ONE, "drip-20ms-words-5000");
        sandbox.script(TWO, "hang");
        HttpRequest request = gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-Session-Id", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("written", true)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                        .join()
                        .body()) {
            answer.readNBytes(100);
            Eventually.until(
                    "both run",
                    Duration.ofSeconds(5),
                    () -> sandbox.books(ONE).open() == 1 && sandbox.books(TWO).open() == 1);
            client.shutdownNow();
        }
        Eventually.until(
                "both have ended",
                Duration.ofSeconds(5),
                () -> sandbox.books(ONE).open() == 0 && sandbox.books(TWO).open() == 0);
    }

    private static void left(String account, double share) {
        gateway.bean(AccountQuotas.class)
                .note(account, List.of(new Quota("5h", share, Instant.now().plusSeconds(3_600), Duration.ofHours(5))));
    }

    private static HttpResponse<String> ask(String session) {
        return gateway.send(request(session));
    }

    private static HttpRequest request(String session) {
        return request("relay", session);
    }

    private static HttpRequest request(String combo, String session) {
        return request(combo, session, key);
    }

    private static HttpRequest request(String combo, String session, String apiKey) {
        return gateway.request("/v1/chat/completions", apiKey)
                .header("Content-Type", "application/json")
                .header("X-Session-Id", session)
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody(combo, false)))
                .build();
    }

    private static String keyOf(String team) {
        String secret = KeySecret.generate(new SecureRandom());
        ModelPatterns all = ModelPatterns.of(List.of("*"));
        ApiKey made = new ApiKey("of-" + team, KeyHash.ofKey(secret), "org", team, all, Set.of(), Set.of(), null, true);
        gateway.bean(ApiKeyStore.class).put(made).block(Duration.ofSeconds(5));
        gateway.bean(ApiKeys.class).refresh().block(Duration.ofSeconds(5));
        return secret;
    }
}
