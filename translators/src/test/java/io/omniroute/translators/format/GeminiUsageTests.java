package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Google counts as it goes along, and what counts nothing yet says nothing. */
class GeminiUsageTests {

    @Test
    void beginsWithTheFirstCount() {
        List<StreamEvent> events = decoded("""
                data: {"candidates":[{"content":{"role":"model","parts":[{"text":"He"}]}}],"usageMetadata":{"trafficType":"ON_DEMAND"}}

                data: {"candidates":[{"content":{"role":"model","parts":[{"text":"llo"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5,"trafficType":"ON_DEMAND"}}

                """);
        assertThat(events)
                .filteredOn(StreamEvent.UsageUpdate.class::isInstance)
                .singleElement()
                .satisfies(update -> {
                    assertThat(((StreamEvent.UsageUpdate) update).usage().input())
                            .isEqualTo(3);
                    assertThat(((StreamEvent.UsageUpdate) update).usage().output())
                            .isEqualTo(2);
                });
    }

    private static List<StreamEvent> decoded(String stream) {
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        StreamDecoder decoder = Objects.requireNonNull(
                        ApiFormats.ofId("gemini").orElseThrow().codecs().get(Operation.CHAT))
                .streamDecoder(head, JsonLimits.DEFAULT);
        List<StreamEvent> events = new ArrayList<>();
        new SseParser(1 << 20)
                .feed(stream.getBytes(StandardCharsets.UTF_8), event -> decoder.decode(event, events::add));
        decoder.end(events::add);
        return events;
    }
}
