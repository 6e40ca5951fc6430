package io.omniroute.translators.format.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.model.Annotation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A text is cut where its sources say, and tells no more than can be written. */
class CitedTextTests {

    private static final Annotation OTHER = Annotation.ofAnswer("http://other", "");

    @Test
    void isCutBehindWholeCharacters() {
        Annotation first = new Annotation("http://a", "", 1, 2, null);
        Annotation second = new Annotation("http://b", "", 3, 5, null);
        assertThat(CitedText.of("😀é😀b€😀", List.of(second, first, OTHER)))
                .containsExactly(
                        new CitedText("😀", List.of(OTHER)),
                        new CitedText("é", List.of(first)),
                        new CitedText("😀", List.of(OTHER)),
                        new CitedText("b€", List.of(second)),
                        new CitedText("😀", List.of(OTHER)));
    }

    @Test
    void tellsOfManySourcesWithoutAPlaceOnce() {
        List<Annotation> sources = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sources.add(new Annotation("http://a", "", 2 * i + 1, 2 * i + 2, null));
            sources.add(OTHER);
        }
        List<CitedText> pieces = CitedText.of("ab".repeat(200), sources);
        assertThat(pieces.stream().mapToInt(piece -> piece.sources().size()).sum())
                .isEqualTo(400);
        assertThat(pieces.getFirst().sources()).hasSize(200).containsOnly(OTHER);
    }
}
