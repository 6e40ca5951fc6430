package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.call.AnswerTap;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import io.omniroute.translators.model.StreamEvent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** A filter of one's own that listens to answers hears the one that the client gets, and how it ended, once. */
@ExtendWith(SandboxExtension.class)
class TapTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Listens to every call. */
    static final class Listening implements GlobalFilter, Ordered {

        private final List<StreamEvent> heard = new CopyOnWriteArrayList<>();
        private final List<Outcome> ends = new CopyOnWriteArrayList<>();

        @Override
        public int getOrder() {
            return Stage.DECODE_REQUEST.order() + 1;
        }

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
            ExchangeAttributes.find(exchange, Call.class)
                    .ifPresent(call -> call.tap(new AnswerTap() {
                        @Override
                        public void hear(StreamEvent event) {
                            heard.add(event);
                        }

                        @Override
                        public void ended(Outcome outcome) {
                            ends.add(outcome);
                        }
                    }));
            return chain.filter(exchange);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (StreamEvent event : heard) {
                if (event instanceof StreamEvent.PartDelta delta) {
                    text.append(delta.text());
                }
            }
            return text.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hearTheAnswerThatTheClientGets(boolean stream, Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, "", Listening.class)) {
            String key = gateway.key();
            sandbox.script(Gateway.CONNECTION_KEY + "-a", "first-error");
            HttpResponse<String> answer = gateway.chat(key, "best", stream);
            assertThat(answer.statusCode()).isEqualTo(200);
            Listening tap = gateway.bean(Listening.class);
            Eventually.until("it has ended", PATIENCE, () -> !tap.ends.isEmpty());
            assertThat(tap.ends).hasSize(1);
            assertThat(tap.ends.getFirst().completion()).isEqualTo(Outcome.Completion.COMPLETE);
            assertThat(tap.heard.stream().filter(StreamEvent.Start.class::isInstance))
                    .hasSize(1);
            assertThat(tap.text()).isNotBlank();
            if (!stream) {
                assertThat(answer.body()).contains(tap.text());
            }
        }
    }

    /** The last answer of several that one call has been made of. */
    @ParameterizedTest
    @ValueSource(strings = {"", "503"})
    void hearTheJudge(String failing, Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, """
                omniroute.combos.panel.strategy=fusion
                omniroute.combos.panel.targets=a/chat,b/chat
                omniroute.combos.panel.judge=c/chat
                """, Listening.class)) {
            String key = gateway.key();
            if (!failing.isEmpty()) {
                sandbox.script(Gateway.CONNECTION_KEY + "-a", failing); // the only answer left is the call's
            }
            HttpResponse<String> answer = gateway.chat(key, "panel", false);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Listening tap = gateway.bean(Listening.class);
            Eventually.until("all have ended", PATIENCE, () -> tap.ends.size() >= (failing.isEmpty() ? 3 : 2));
            String said = JsonMapper.shared()
                    .readTree(answer.body())
                    .at("/choices/0/message/content")
                    .asString();
            assertThat(tap.text()).contains(said);
            assertThat(tap.text().split(Pattern.quote(said), -1).length)
                    .as("the panel's answer, and the call's")
                    .isGreaterThan(failing.isEmpty() ? 1 : 2);
        }
    }

    @Test
    void hearThatItWasCutOff(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox, "", Listening.class)) {
            String key = gateway.key();
            sandbox.script(Gateway.CONNECTION_KEY + "-a", "cut-words-40");
            gateway.chat(key, "a/chat", true);
            Listening tap = gateway.bean(Listening.class);
            Eventually.until("it has ended", PATIENCE, () -> !tap.ends.isEmpty());
            assertThat(tap.ends).hasSize(1);
            assertThat(tap.ends.getFirst().completion()).isEqualTo(Outcome.Completion.UPSTREAM_FAILED);
        }
    }
}
