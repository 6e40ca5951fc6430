package io.omniroute.translators.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which ids of tool calls are accepted. An id that is not becomes another one that depends on nothing but itself, so that the
 * next request, which brings it back, is understood without a memory.
 *
 * @param punctuation whether {@code _} and {@code -} may be in it
 * @param least the fewest characters
 * @param most the most characters
 */
public record IdRule(boolean punctuation, int least, int most) {

    /** Letters, digits, {@code _} and {@code -}, at most 64: what Anthropic and OpenAI accept. */
    public static final IdRule COMMON = new IdRule(true, 1, 64);

    /** At most 40, as some of OpenAI's own deployments want it. */
    public static final IdRule SHORT = new IdRule(true, 1, 40);

    /** Nine letters and digits, as Mistral wants it. */
    public static final IdRule NINE = new IdRule(false, 9, 9);

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    /** The id itself, if it is accepted, or the one that stands for it. */
    public String apply(String id) {
        return accepts(id) ? id : derived(id, punctuation ? "call_" : "", Math.min(most, punctuation ? 29 : most));
    }

    /** Something that no other answer has; no secret, so that nothing has to wait for entropy. */
    public static String salt() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    }

    /** Letters and digits that depend on the text alone. */
    public static String derived(String text, String prefix, int length) {
        byte[] hash = sha256(text);
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; id.length() < length; i++) {
            id.append(ALPHABET.charAt(Math.floorMod(hash[i % hash.length], ALPHABET.length())));
        }
        return id.toString();
    }

    private boolean accepts(String id) {
        if (id.length() < least || id.length() > most) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && !(punctuation && (c == '_' || c == '-'))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has SHA-256", never);
        }
    }
}
