package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be said to a client is told as a loss. */
class TranslationLossTests {

    @ParameterizedTest
    @CsvSource({"openai-chat,false", "openai-completions,false", "openai-responses,true", "gemini,true"})
    void tellsOfDocumentsThatAClientCannotBeShown(String client, boolean shown) {
        Translation translation = new Translation(
                ApiFormats.ofId(client).orElseThrow(),
                new ChatRequest.Builder("m").build(),
                ApiFormats.ofId("anthropic-messages").orElseThrow(),
                TargetProfile.unknown("p", "m"),
                CarrierSeal.NONE,
                false);
        List<StreamEvent> heard = new ArrayList<>();
        translation.restore(
                new StreamEvent.PartSource(0, Annotation.ofPart("", "report.pdf", "the words")), heard::add);
        translation.restore(
                new StreamEvent.PartSource(0, Annotation.ofPart("https://a.example", "A", null)), heard::add);
        assertThat(heard).hasSize(shown ? 2 : 1);
        assertThat(translation.losses().stream().anyMatch(loss -> loss.code() == Loss.Code.CITATION_DROPPED))
                .isEqualTo(!shown);
    }
}
