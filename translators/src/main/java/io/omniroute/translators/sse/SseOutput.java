package io.omniroute.translators.sse;

import io.omniroute.translators.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Writes server-sent events whose data is JSON. */
public final class SseOutput {

    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_GOOGLE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private SseOutput() {}

    /** An event without a name. */
    public static void write(JsonNode data, ByteArrayOutputStream out) {
        out.writeBytes(DATA);
        out.writeBytes(json(data));
        out.writeBytes(END);
    }

    /** An event with a name in ASCII. */
    public static void write(String name, JsonNode data, ByteArrayOutputStream out) {
        out.writeBytes(EVENT);
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write('\n');
        write(data, out);
    }

    /** An event with the line ends that Google writes. */
    public static void writeAsGoogle(JsonNode data, ByteArrayOutputStream out) {
        out.writeBytes(DATA);
        out.writeBytes(json(data));
        out.writeBytes(END_OF_GOOGLE);
    }

    /**
     * Half a character is no JSON to strict readers: what is written as its escape is a question mark instead. And what ends a line only
     * outside of this format is written as an escape: some clients split lines there.
     */
    private static byte[] json(JsonNode data) {
        byte[] json = Json.bytes(data);
        for (int i = 0; i < json.length - 2; i++) {
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] == 'D' || json[i + 2] == 'd')) {
                return withoutLineEnds(Json.text(data).getBytes(StandardCharsets.UTF_8));
            }
            if (lineEnd(json, i) > 0) {
                return withoutLineEnds(json);
            }
        }
        return json;
    }

    private static byte[] withoutLineEnds(byte[] json) {
        ByteArrayOutputStream escaped = new ByteArrayOutputStream(json.length + 16);
        for (int i = 0; i < json.length; ) {
            int length = lineEnd(json, i);
            if (length == 0) {
                escaped.write(json[i++]);
            } else {
                String escape = length == 2 ? "\\u0085" : (json[i + 2] & 0xFF) == 0xA8 ? "\\u2028" : "\\u2029";
                escaped.writeBytes(escape.getBytes(StandardCharsets.US_ASCII));
                i += length;
            }
        }
        return escaped.toByteArray();
    }

    /** How many bytes of NEL, LINE SEPARATOR or PARAGRAPH SEPARATOR are at a place; 0 if none is there. */
    private static int lineEnd(byte[] json, int at) {
        int first = json[at] & 0xFF;
        if (first == 0xC2 && at + 1 < json.length && (json[at + 1] & 0xFF) == 0x85) {
            return 2;
        }
        boolean separator = first == 0xE2
                && at + 2 < json.length
                && (json[at + 1] & 0xFF) == 0x80
                && ((json[at + 2] & 0xFF) == 0xA8 || (json[at + 2] & 0xFF) == 0xA9);
        return separator ? 3 : 0;
    }
}
