package io.omniroute.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The SHA-256 of an API key, which is all that is ever kept of one. A plain hash is enough because keys are random, at
 * least 128 bits of them.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record KeyHash(String hex) {

    private static final String PREFIX = "sha256:";
    private static final Pattern WRITTEN = Pattern.compile("sha256:[0-9a-fA-F]{64}");

    /** The hash of a key as a client presented it. */
    public static KeyHash ofKey(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return new KeyHash(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The hash that is written as {@code sha256:<64 hex digits>}, or empty if it is written otherwise. */
    public static Optional<KeyHash> ofWritten(String written) {
        return WRITTEN.matcher(written).matches()
                ? Optional.of(new KeyHash(written.substring(PREFIX.length()).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** The form for configuration files. */
    public String written() {
        return PREFIX + hex;
    }

    @Override
    public String toString() {
        return PREFIX + hex.substring(0, 8) + "...";
    }
}
