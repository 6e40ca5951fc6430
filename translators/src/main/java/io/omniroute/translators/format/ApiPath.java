package io.omniroute.translators.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one spelling of a request's path that every decision is made on: percent-decoded once, without empty segments,
 * matrix parameters, trailing slash or the prefixes that clients double up. {@code /api/v1/x}, {@code /v1/v1//x/} and
 * {@code /V1/x;a=b} all become {@code /v1/x}, and so do the forms without a version, where they are asked for.
 *
 * @param version {@code v1}, or {@code v1beta} where the client asked for that
 * @param segments the decoded segments below the version
 */
public record ApiPath(String version, List<String> segments) {

    /** Spellings that were seen before; bounded, because clients choose them. */
    private static final Map<String, Optional<ApiPath>> KNOWN = new ConcurrentHashMap<>();

    private static final Map<String, Optional<ApiPath>> KNOWN_SHORT = new ConcurrentHashMap<>();

    private static final int MOST_KNOWN = 1_000;
    private static final int LONGEST_KNOWN = 200;
    /** What is asked of Codex's own address is a response, unless it says something else. */
    private static final String CODEX = "codex";

    private static final String RESPONSES = "responses";

    private static final List<String> ROOT_FORMS =
            List.of("chat", "completions", "embeddings", "messages", "models", "providers", "responses");

    public ApiPath {
        segments = List.copyOf(segments);
    }

    /**
     * The canonical form of a raw path, or empty where it is not below {@code /v1} or {@code /v1beta} in any spelling, or climbs ({@code ..}),
     * or is not UTF-8.
     */
    public static Optional<ApiPath> of(String rawPath) {
        return of(rawPath, false, KNOWN);
    }

    /** The same, with {@code /models}, {@code /chat/completions}, {@code /codex/...} and other paths that leave the version out. */
    public static Optional<ApiPath> ofShort(String rawPath) {
        return of(rawPath, true, KNOWN_SHORT);
    }

    private static Optional<ApiPath> of(String rawPath, boolean shortForms, Map<String, Optional<ApiPath>> seen) {
        Optional<ApiPath> known = seen.get(rawPath);
        if (known == null) {
            known = segmentsOf(rawPath).flatMap(segments -> belowVersion(segments, shortForms));
            if (rawPath.length() <= LONGEST_KNOWN && seen.size() < MOST_KNOWN) {
                seen.put(rawPath, known);
            }
        }
        return known;
    }

    /** The path as it would be written, decoded: {@code /v1/...}. */
    public String value() {
        return "/" + version + (segments.isEmpty() ? "" : "/" + String.join("/", segments));
    }

    /**
     * The decoded segments of a raw path without empty ones and matrix parameters, or empty where it climbs or cannot be
     * decoded.
     */
    public static Optional<List<String>> segmentsOf(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String raw : rawPath.split("/", -1)) {
            int parameters = raw.indexOf(';');
            Optional<String> decoded = decode(parameters < 0 ? raw : raw.substring(0, parameters));
            if (decoded.isEmpty()) {
                return Optional.empty();
            }
            for (String segment : decoded.get().split("/", -1)) {
                if (segment.equals(".") || segment.equals("..")) {
                    return Optional.empty();
                }
                if (!segment.isEmpty()) {
                    segments.add(segment);
                }
            }
        }
        return Optional.of(segments);
    }

    private static Optional<ApiPath> belowVersion(List<String> segments, boolean shortForms) {
        int from = 0;
        if (is(segments, 0, "api") && (is(segments, 1, "v1") || is(segments, 1, "v1beta"))) {
            from = 1;
        }
        boolean versioned = false;
        boolean beta = false;
        while (is(segments, from, "v1") || is(segments, from, "v1beta")) {
            beta = is(segments, from, "v1beta");
            from++;
            versioned = true;
        }
        if (shortForms && is(segments, 0, CODEX)) {
            // what is not there is better not found than taken for something else
            int begins = 1;
            while (is(segments, begins, "v1")) {
                begins++;
            }
            boolean whole = begins == segments.size();
            return Optional.of(
                    new ApiPath("v1", whole ? List.of(RESPONSES) : segments.subList(begins, segments.size())));
        }
        boolean rootForm = shortForms && !segments.isEmpty() && ROOT_FORMS.contains(lower(segments.getFirst()));
        return versioned || rootForm
                ? Optional.of(new ApiPath(beta ? "v1beta" : "v1", segments.subList(from, segments.size())))
                : Optional.empty();
    }

    private static boolean is(List<String> segments, int index, String word) {
        return index < segments.size() && lower(segments.get(index)).equals(word);
    }

    private static String lower(String segment) {
        return segment.toLowerCase(Locale.ROOT);
    }

    private static Optional<String> decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return Optional.of(raw);
        }
        byte[] bytes = new byte[raw.length() * 3];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                byte[] plain = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(plain, 0, bytes, length, plain.length);
                length += plain.length;
                continue;
            }
            int high = hex(raw, i + 1);
            int low = high < 0 ? -1 : hex(raw, i + 2);
            if (low < 0) {
                return Optional.empty();
            }
            bytes[length++] = (byte) (high * 16 + low);
            i += 2;
        }
        return text(bytes, length);
    }

    private static int hex(String raw, int at) {
        return at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    }

    private static Optional<String> text(byte[] bytes, int length) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
