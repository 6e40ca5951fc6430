package io.omniroute.config;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of an API key that this gateway makes: {@code sk-omni-}, 32 random characters of 62 (190 bits), and 6 that
 * check them, so that a typing error is found without asking anyone.
 */
public final class KeySecret {

    private static final String PREFIX = "sk-omni-";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern KEYS = Pattern.compile("\\bsk-[A-Za-z0-9_-]{16,}");
    private static final int RANDOM = 32;
    private static final int CHECK = 6;

    private KeySecret() {}

    /** A new key; it is shown once and never kept. */
    public static String generate(SecureRandom random) {
        StringBuilder key = new StringBuilder(PREFIX);
        for (int i = 0; i < RANDOM; i++) {
            key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return key.append(check(key.toString())).toString();
    }

    /** Whether a text cannot be a key: it looks like one of ours but does not check. */
    public static boolean isMistyped(String text) {
        if (!text.startsWith(PREFIX)) {
            return false;
        }
        int body = PREFIX.length() + RANDOM;
        return text.length() != body + CHECK || !text.substring(body).equals(check(text.substring(0, body)));
    }

    /** A text that others may see, with what looks like a key in it left out, ours or a provider's. */
    public static String hiddenIn(String text) {
        return text.contains("sk-") ? KEYS.matcher(text).replaceAll("sk-...") : text;
    }

    private static String check(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        long value = crc.getValue();
        StringBuilder check = new StringBuilder();
        for (int i = 0; i < CHECK; i++) {
            check.append(ALPHABET.charAt((int) (value % ALPHABET.length())));
            value /= ALPHABET.length();
        }
        return check.toString();
    }
}
