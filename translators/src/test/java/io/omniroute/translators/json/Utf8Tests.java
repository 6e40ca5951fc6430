package io.omniroute.translators.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Tests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c080",
                "c1bf",
                "e08080",
                "e09fbf",
                "f0808080",
                "f08fbfbf",
                "eda080",
                "edbfbf",
                "f4908080",
                "f5808080",
                "ff",
                "80",
                "c2",
                "e282",
                "f09f98",
                "c220",
                "e28220",
                "f09f9820"
            })
    void findsWhatIsNoCharacter(String hex) {
        byte[] odd = HexFormat.of().parseHex(hex);
        for (int before = 0; before < 20; before++) {
            for (int after = 0; after < 12; after++) {
                byte[] bytes = new byte[before + odd.length + after];
                Arrays.fill(bytes, (byte) 'x');
                System.arraycopy(odd, 0, bytes, before, odd.length);
                assertThat(Utf8.fault(bytes)).isEqualTo(before);
            }
        }
    }

    /** The JDK's strict decoder says the same of any bytes. */
    @Test
    void agreesWithTheDecoderOfTheJdk() {
        Random random = new Random(42);
        byte[] text = "a\u00e9\u20ac\ud83d\ude00 plain \u07ff\u0800\uffff\udbff\udfff and more of it"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(Utf8.fault(text)).isEqualTo(-1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = text.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(Utf8.fault(bytes) < 0).isEqualTo(isAccepted(bytes));
        }
    }

    private static boolean isAccepted(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .hasRemaining();
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
