package io.omniroute.translators.model;

import io.omniroute.translators.json.FileTypes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses that carry their content with them (RFC 2397). */
public final class DataUrl {

    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64";

    private static final Pattern NO_BYTE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private DataUrl() {}

    /**
     * What an address means. The content is taken as it is encoded, never decoded and encoded again.
     *
     * @param usual the type of content that says none
     */
    public static Media media(String url, String usual) {
        int comma = url.indexOf(',');
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || comma < 0) {
            return new Media.Remote("", url);
        }
        String head = url.substring(SCHEME.length(), comma);
        boolean base64 = head.toLowerCase(Locale.ROOT).endsWith(BASE64);
        String type = base64 ? head.substring(0, head.length() - BASE64.length()) : head;
        int parameters = type.indexOf(';');
        String mime =
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        String content = url.substring(comma + 1);
        String encoded = base64
                ? content
                : Base64.getEncoder().encodeToString(decoded(content).getBytes(StandardCharsets.UTF_8));
        return new Media.Inline(mime.isEmpty() ? usual : mime, encoded);
    }

    /**
     * What the data of a file means, which some write with its type before it, and some without.
     *
     * @param name of the file, whose ending tells the type then
     */
    public static Media file(String data, @Nullable String name) {
        String usual = FileTypes.of(name);
        boolean address = data.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || data.startsWith("http://")
                || data.startsWith("https://");
        return address ? media(data, usual) : new Media.Inline(usual, data);
    }

    /** A percent sign that begins no byte is one, as browsers have it. */
    private static String decoded(String content) {
        String escaped = NO_BYTE.matcher(content.replace("+", "%2B")).replaceAll("%25");
        return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    }

    /** Plain text as content. */
    public static Media.Inline text(String text) {
        return new Media.Inline(
                "text/plain", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether content is text of some kind, which everybody who reads can read. */
    public static boolean isText(Media.Inline inline) {
        return inline.mime().startsWith("text/")
                || inline.mime().equals("application/json")
                || inline.mime().equals("application/xml");
    }

    /** The text of content that is plain text; what is not base64 is taken as it is. */
    public static String textOf(Media.Inline inline) {
        try {
            return new String(Base64.getMimeDecoder().decode(inline.base64()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException plain) {
            return inline.base64();
        }
    }

    /** The address that carries some content. */
    public static String of(Media.Inline inline) {
        return SCHEME + inline.mime() + BASE64 + "," + inline.base64();
    }
}
