package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A provider that refuses the names of a function's parameters knows others, and the client never hears of them. */
class ParameterNamesTests {

    @Test
    void comeBackInCalls() {
        ApiFormat client = ApiFormats.ofId("openai-chat").orElseThrow();
        ApiFormat target = ApiFormats.ofId("anthropic-messages").orElseThrow();
        ChatRequest request = client.chat()
                .decode(
                        """
                        {"model":"m","messages":[{"role":"user","content":"Hello"}],"tools":[{"type":"function","function":
                        {"name":"list","parameters":{"type":"object","properties":{"$filter":{"type":"string"},"top":{"type":"integer"}}}}}]}""".getBytes(StandardCharsets.UTF_8),
                        new Endpoint(client, Operation.CHAT, null, "m"),
                        CarrierSeal.NONE);
        Translation translation =
                new Translation(client, request, target, TargetProfile.unknown("p", "m"), CarrierSeal.NONE, false);
        String body = new String(translation.body(), StandardCharsets.UTF_8);
        Matcher other = Pattern.compile("\"(_filter_[a-z0-9]+)\":\\{").matcher(body);
        assertThat(other.find()).as(body).isTrue();
        assertThat(body).doesNotContain("$filter");
        List<StreamEvent> shown = new ArrayList<>();
        List.of(
                        new StreamEvent.PartStart(0, 0, PartKind.TOOL_CALL, "toolu_1", "list"),
                        new StreamEvent.PartDelta(
                                0, "{\"top\":1,\"" + other.group(1).substring(0, 4)),
                        new StreamEvent.PartDelta(0, other.group(1).substring(4) + "\": \"x\"}"),
                        new StreamEvent.PartEnd(0))
                .forEach(event -> translation.restore(event, shown::add));
        assertThat(shown).contains(new StreamEvent.PartDelta(0, "{\"top\":1,\"$filter\": \"x\"}"));
    }
}
