package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.ModelPatterns;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.inside.CallAnswer;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.sandbox.Books;
import io.omniroute.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import reactor.core.Disposable;

/** Calls from inside go through the same chain as calls from outside. */
@GatewayTest
class CallClientTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void answersWholeAndStreamed(Gateway gateway) {
        assertThat(body(call(gateway, "*", "/v1/chat/completions", Gateway.chatBody("a/chat", false))))
                .contains("Hello there")
                .startsWith("{");
        CallAnswer stream = call(gateway, "*", "/v1/chat/completions", Gateway.chatBody("a/chat", true));
        assertThat(stream.headers().getFirst("X-OmniRoute-Provider")).isEqualTo("a");
        assertThat(stream.headers().getFirst("X-OmniRoute-Request-Id")).hasSize(36);
        assertThat(body(stream)).endsWith("data: [DONE]\n\n");
        assertThat(body(call(gateway, "*", "/v1/models", ""))).contains("\"a/chat\"");
    }

    @Test
    void appliesTheSameAccessDecision(Gateway gateway) {
        CallAnswer answer = call(gateway, "b/*", "/v1/chat/completions", Gateway.chatBody("a/chat", false));
        assertThat(answer.status().value()).isEqualTo(403);
        assertThat(body(answer)).contains("permission_error");
        assertThat(call(gateway, "*", "/v1/chat/completions", "{").status().value())
                .isEqualTo(400);
        assertThatThrownBy(() -> call(gateway, "*", "/v1/nothing", "{}")).hasMessageContaining("no route takes");
    }

    @Test
    void endsAtTheProviderWhenItsReaderLeaves(Gateway gateway, Sandbox sandbox) {
        Books books = sandbox.books(Gateway.CONNECTION_KEY + "-c");
        long before = books.earlyCloses();
        CallAnswer answer =
                call(gateway, "*", "/v1/chat/completions", Gateway.chatBody("c/drip-20ms-words-3000", true));
        Disposable reading = answer.body().doOnNext(DataBufferUtils::release).subscribe();
        Eventually.until("the stream runs", PATIENCE, () -> books.openStreams() == 1);
        reading.dispose();
        Eventually.until("the provider is left", PATIENCE, () -> books.earlyCloses() > before);
        assertThat(books.openStreams()).isZero();
    }

    private static CallAnswer call(Gateway gateway, String models, String path, String body) {
        ApiKey key = new ApiKey(
                "inner",
                KeyHash.ofKey("inner"),
                "org",
                "inner",
                ModelPatterns.of(List.of(models)),
                Set.of(),
                Set.of(),
                null,
                true);
        return gateway.bean(CallClient.class)
                .call(new Caller(key), path, new HttpHeaders(), body.getBytes(StandardCharsets.UTF_8), Optional.empty())
                .block(PATIENCE);
    }

    private static String body(CallAnswer answer) {
        return DataBufferUtils.join(answer.body())
                .map(buffer -> {
                    String text = buffer.toString(StandardCharsets.UTF_8);
                    DataBufferUtils.release(buffer);
                    return text;
                })
                .block(PATIENCE);
    }
}
