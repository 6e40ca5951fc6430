package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CarrierSearchTests {

    @ParameterizedTest
    @ValueSource(strings = {"\"or1.", "\"b3IxL"})
    void findsACarrierWhereverItBegins(String carrier) {
        for (int before = 0; before < 700; before += before < 40 ? 1 : 7) {
            for (int after = 0; after < 10; after++) {
                assertThat(find("x".repeat(before) + carrier + "\"".repeat(after)))
                        .isTrue();
                assertThat(find("\"".repeat(before) + carrier + "o".repeat(after)))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "or1.", "\"or1", "\"or2.\"b3IxM", "\"b3Ix"})
    void findsNoneWhereThereIsNone(String body) {
        for (int before = 0; before < 20; before++) {
            assertThat(find("\"#".repeat(before) + body)).isFalse();
        }
    }

    /** Every body of those characters, compared with what a search of text says. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void saysWhatASearchOfTextSays(long seed) {
        Random random = new Random(seed);
        String[] pieces = {"\"", "or1", ".", "b3Ix", "L", "#", "!", "\u00e9", "prose ".repeat(70)};
        for (int run = 0; run < 20_000; run++) {
            StringBuilder body = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                body.append(pieces[random.nextInt(pieces.length)]);
            }
            String text = body.toString();
            assertThat(find(text)).as(text).isEqualTo(text.contains("\"or1.") || text.contains("\"b3IxL"));
        }
    }

    private static boolean find(String body) {
        return CarrierSearch.find(body.getBytes(StandardCharsets.UTF_8));
    }
}
