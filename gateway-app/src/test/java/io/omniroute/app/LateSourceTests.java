package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RawProvider;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A provider that searches says last of all where its text is from, behind the calls that follow it. */
@ExtendWith(SandboxExtension.class)
class LateSourceTests {

    private static final String SAID = """
            data: {"candidates":[{"content":{"parts":[{"text":"See one."}],"role":"model"},"index":0}]}

            data: {"candidates":[{"content":{"parts":[{"functionCall":{"id":"a","name":"f","args":{}}}],"role":"model"},"index":0}]}

            data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0,"groundingMetadata":\
            {"groundingChunks":[{"web":{"uri":"https://one.example","title":"One"}}],\
            "groundingSupports":[{"segment":{"startIndex":4,"endIndex":7},"groundingChunkIndices":[0]}]}}]}

            """;

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"CHAT", "MESSAGES", "RESPONSES"})
    void reachClientsOfEveryFormat(Wire client, Sandbox sandbox) {
        try (RawProvider provider = new RawProvider();
                Gateway gateway = Gateway.start(sandbox, """
                        omniroute.providers.google.base-url=%s
                        omniroute.providers.google.formats=gemini
                        omniroute.providers.google.connections.main.api-key=x
                        omniroute.providers.google.facts.web-search=always
                        """.formatted(provider.baseUrl()))) {
            String key = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.HOSTED_TOOLS), null);
            provider.answers(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + SAID.length()
                            + "\r\n\r\n" + SAID,
                    true);
            ObjectNode body = client.ask("google/m", true, "Search", List.of("f"));
            switch (client) {
                case CHAT -> body.putObject("web_search_options");
                case MESSAGES ->
                    ((ArrayNode) body.get("tools"))
                            .addObject()
                            .put("type", "web_search_20250305")
                            .put("name", "web_search");
                default -> body.withArray("tools").addObject().put("type", "web_search");
            }
            HttpResponse<String> answer = gateway.post(client.path("google/m", true), key, body.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("https://one.example");
            Wire.Said said = client.read(answer.body(), true);
            assertThat(said.text()).isEqualTo("See one.");
            assertThat(said.calls()).extracting(Wire.Call::name).containsExactly("f");
        }
    }
}
