package io.omniroute.translators.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Texts that nobody reads are passed over as Jackson itself does: the same tokens in the same places, the same refusals. */
class RequestJsonFactoryTests {

    private static final JsonFactory JACKSON = new JsonFactory();
    private static final JsonFactory OURS = new RequestJsonFactory(JsonFactory.builder());
    private static final List<byte[]> PIECES = pieces();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\"}",
                "{\"a\":\"x\",\"b\":\"12345678\",\"c\":\"1234567\\\"\"}",
                "{\"a\":\"\\\\\",\"b\":[\"\\\\\\\\\",\"\\n\\t\\/\\b\\f\\r\"]}",
                "{\"a\":\"\\u00e9\\ud83d\\ude00 and behind it\"}",
                "{\"a\":\"\\uZZZZ\"}",
                "{\"a\":\"\\q\"}",
                "{\"a\":\"a raw \n line\"}",
                "{\"a\":\"it has no end",
                "{\"a\":\"it ends with a backslash\\",
                "{\"a\":\"ends here\"} \"and goes on\"",
                " {\"a\":\"spaces before it\"}",
                "[\"a list\"]",
                "{}",
                "\u00e9",
                "{\"a\":\"caf\u00e9 \u4f60\u597d \ud83d\ude00 and ascii again\",\"b\":1}"
            })
    void aTextIsPassedOverAsJacksonDoes(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);

        assertThat(passed(OURS, bytes)).isEqualTo(passed(JACKSON, bytes));
    }

    @Test
    void soIsWhatChanceMakes() {
        Random chance = new Random(20_250_917);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = body(chance);
            String expected = passed(JACKSON, bytes);
            refused += expected.contains("refused") ? 1 : 0;

            assertThat(passed(OURS, bytes))
                    .as(new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
        }

        assertThat(refused).isBetween(2_000, 18_000);
    }

    private static byte[] body(Random chance) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"before\":1,\"text\":\"".getBytes(StandardCharsets.UTF_8));
        for (int left = chance.nextInt(30); left > 0; left--) {
            // most of a text is ordinary
            int piece = chance.nextInt(8) == 0 ? chance.nextInt(PIECES.size()) : 0;
            body.writeBytes(PIECES.get(piece));
            if (chance.nextInt(20) == 0) {
                body.writeBytes("prose ".repeat(chance.nextInt(120)).getBytes(StandardCharsets.UTF_8));
            }
        }
        body.writeBytes("\",\"behind\":[\"x\",2]}".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    private static List<byte[]> pieces() {
        return List.of(
                bytes('a', 'b', ' ', '~'),
                bytes('\\', 'n'),
                bytes('\\', '"'),
                bytes('\\', '\\'),
                bytes('\\', 'u', '2', '0', 'a', 'C'),
                bytes(0xC3, 0xA9),
                bytes(0xE4, 0xBD, 0xA0),
                bytes(0xF0, 0x9F, 0x98, 0x80),
                bytes(0x7F),
                bytes(0x1F),
                bytes('\\', 'x'),
                bytes('"'),
                bytes(0xC3),
                bytes(0xC0, 0x80),
                bytes(0xED, 0xA0, 0x80),
                bytes(0xFF));
    }

    private static byte[] bytes(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return bytes;
    }

    /** What a parser tells of a body whose texts are not asked for. */
    private static String passed(JsonFactory factory, byte[] body) {
        StringBuilder told = new StringBuilder();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                told.append(token)
                        .append(' ')
                        .append(parser.currentTokenLocation().getByteOffset())
                        .append(' ')
                        .append(token == JsonToken.PROPERTY_NAME ? parser.currentName() : "")
                        .append('\n');
            }
            told.append(parser.currentLocation().getByteOffset());
        } catch (JacksonException refused) {
            told.append("refused ")
                    .append(refused.getOriginalMessage())
                    .append(" at ")
                    .append(refused.getLocation().getByteOffset());
        }
        return told.toString();
    }
}
