package io.omniroute.translators.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Tells what an encoded picture or document is by its first bytes, because clients often say something else. */
public final class MediaTypes {

    /** A whole number of groups of four. */
    private static final int LOOKED_AT = 24;

    private record Mark(String type, int at, byte[] bytes) {

        boolean isIn(byte[] content) {
            int end = at + bytes.length;
            return end <= content.length && Arrays.equals(content, at, end, bytes, 0, bytes.length);
        }
    }

    private static final List<Mark> MARKS = List.of(
            new Mark("image/png", 0, HexFormat.of().parseHex("89504e470d0a1a0a")),
            new Mark("image/jpeg", 0, HexFormat.of().parseHex("ffd8ff")),
            new Mark("image/gif", 0, "GIF8".getBytes(StandardCharsets.US_ASCII)),
            new Mark("image/webp", 8, "WEBP".getBytes(StandardCharsets.US_ASCII)),
            new Mark("application/pdf", 0, "%PDF-".getBytes(StandardCharsets.US_ASCII)));

    private MediaTypes() {}

    /**
     * The type that the content's first bytes show; what is said of it, where they show nothing.
     *
     * @param base64 the content, of which only the beginning is decoded
     */
    public static String of(String base64, String said) {
        byte[] content;
        try {
            content = Base64.getDecoder().decode(base64.substring(0, Math.min(base64.length(), LOOKED_AT)));
        } catch (IllegalArgumentException notBase64) {
            return said;
        }
        return MARKS.stream()
                .filter(mark -> mark.isIn(content))
                .map(Mark::type)
                .findFirst()
                .orElse(said);
    }
}
