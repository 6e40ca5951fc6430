package io.omniroute.translators.format.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places are those that counting from the beginning finds. */
class TextPlacesTests {

    private static final String[] CHARACTERS = {"a", "é", "€", "😀", "\ud83d", "\ude00"};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512, 5_000})
    void areFoundByEachOfTheThreeCounts(int length) {
        String text = random(new Random(length), length);
        TextPlaces places = new TextPlaces(text);
        for (int at = text.length(); at >= 0; at = before(text, at)) {
            TextPlaces.Place place = counted(text, at);
            assertThat(places.ofCharacters(at)).isEqualTo(place);
            assertThat(places.ofPoints(place.points())).isEqualTo(place);
            assertThat(places.ofBytes(place.bytes())).isEqualTo(place);
        }
    }

    @Test
    void areFoundWhileTheTextGrowsHalfByHalf() {
        Random random = new Random(7);
        String all = random(random, 3_000);
        StringBuilder text = new StringBuilder();
        TextPlaces places = new TextPlaces(text);
        while (text.length() < all.length()) {
            int to = Math.min(all.length(), text.length() + 1 + random.nextInt(300));
            text.append(all, text.length(), to);
            assertThat(places.ofCharacters(to)).isEqualTo(counted(text.toString(), to));
            TextPlaces.Place known = counted(text.toString(), before(text.toString(), random.nextInt(to) + 1));
            assertThat(places.ofBytes(known.bytes())).isEqualTo(known);
        }
    }

    @Test
    void areBehindACharacterThatTheyWouldBeInsideOf() {
        TextPlaces places = new TextPlaces("a😀b");
        assertThat(places.ofCharacters(2)).isEqualTo(new TextPlaces.Place(3, 2, 5));
        assertThat(places.ofBytes(2)).isEqualTo(new TextPlaces.Place(3, 2, 5));
    }

    @Test
    void areWithinTheText() {
        TextPlaces places = new TextPlaces("é");
        assertThat(places.ofPoints(-1)).isEqualTo(new TextPlaces.Place(0, 0, 0));
        assertThat(places.ofBytes(Long.MAX_VALUE)).isEqualTo(new TextPlaces.Place(1, 1, 2));
    }

    private static String random(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    /** The place before, which is between two characters. */
    private static int before(String text, int at) {
        return at == 0 ? -1 : text.offsetByCodePoints(at, -1);
    }

    private static TextPlaces.Place counted(String text, int at) {
        String before = text.substring(0, at);
        return new TextPlaces.Place(at, before.codePointCount(0, at), before.getBytes(StandardCharsets.UTF_8).length);
    }
}
