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

    /** Half a character is no JSON to strict readers: what is written as its escape is a question mark instead. */
    private static byte[] json(JsonNode data) {
        byte[] json = Json.bytes(data);
        for (int i = 0; i < json.length - 2; i++) {
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] == 'D' || json[i + 2] == 'd')) {
                return Json.text(data).getBytes(StandardCharsets.UTF_8);
            }
        }
        return json;
    }
}
