package io.omniroute.redis.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals texts with AES-256 in Galois/Counter Mode (NIST SP 800-38D), under a key that is not kept where they are. A sealed text names
 * its key, {@code 1.<key id>.<base64url of nonce, text and tag>}, and opens only where it belongs. Thread-safe.
 */
public final class MasterKeys {

    /** How many bytes a key has. */
    public static final int KEY_BYTES = 32;

    private static final String NO_KEY =
            "is not a key (expected 32 random bytes in base64, such as openssl rand -base64 32 gives)";
    private static final String VERSION = "1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_BYTES = 4;

    private final Map<String, SecretKeySpec> keys;
    private final String current;
    private final SecureRandom random = new SecureRandom();

    private MasterKeys(Map<String, SecretKeySpec> keys, String current) {
        this.keys = Map.copyOf(keys);
        this.current = current;
    }

    /**
     * The keys as they are configured; none if there is no current one.
     *
     * @throws IllegalArgumentException if one is not a key, without showing it
     */
    public static MasterKeys of(SecretsProperties written) {
        Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
        if (written.masterKey().isBlank()) {
            return new MasterKeys(keys, "");
        }
        String current = "";
        for (String key : concat(written.masterKey(), written.formerMasterKeys())) {
            byte[] bytes = bytes(key.strip());
            String id = id(bytes);
            keys.put(id, new SecretKeySpec(bytes, "AES"));
            current = current.isEmpty() ? id : current;
        }
        return new MasterKeys(keys, current);
    }

    /** What is wrong with a key as it is configured, without showing it. */
    public static Optional<String> problem(String key) {
        return decoded(key.strip()).isPresent() ? Optional.empty() : Optional.of(NO_KEY);
    }

    /** A new key, as it is configured. */
    public static String generate() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** Whether texts can be sealed. */
    public boolean areThere() {
        return !current.isEmpty();
    }

    /** The id of the key that seals; empty if there is none. */
    public String currentId() {
        return current;
    }

    /** The id of the key that a sealed text was sealed with. */
    public static String idOf(String sealed) {
        String[] parts = sealed.split("\\.", -1);
        return parts.length == 3 ? parts[1] : "";
    }

    /**
     * Seals a text.
     *
     * @param place what it belongs to; it opens nowhere else
     * @throws IllegalStateException if there is no key
     */
    public String seal(String text, String place) {
        if (!areThere()) {
            throw new IllegalStateException("there is no master key (expected the variable OMNIROUTE_MASTER_KEY)");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, current, nonce, place, text.getBytes(StandardCharsets.UTF_8));
        byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
        System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
        return String.join(
                ".", VERSION, current, Base64.getUrlEncoder().withoutPadding().encodeToString(all));
    }

    /**
     * Opens a sealed text.
     *
     * @param place what it belongs to
     * @throws IllegalStateException if its key is not known, or it was changed, or belongs elsewhere
     */
    public String open(String sealed, String place) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION) || !keys.containsKey(parts[1])) {
            throw new IllegalStateException(
                    parts.length == 3 && parts[0].equals(VERSION)
                            ? "it is sealed with the master key " + parts[1] + ", which is not known here"
                            : "it is not sealed as this gateway seals");
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(parts[2]);
            byte[] text = run(
                    Cipher.DECRYPT_MODE,
                    parts[1],
                    Arrays.copyOf(all, NONCE_BYTES),
                    place,
                    Arrays.copyOfRange(all, NONCE_BYTES, all.length));
            return new String(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notSealed) {
            throw new IllegalStateException("it is not sealed as this gateway seals", notSealed);
        }
    }

    private byte[] run(int mode, String key, byte[] nonce, String place, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, keys.get(key), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException changed) {
            throw new IllegalStateException("it was changed, or belongs elsewhere", changed);
        }
    }

    private static List<String> concat(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        others.stream().filter(one -> !one.isBlank()).forEach(all::add);
        return all;
    }

    private static byte[] bytes(String key) {
        return decoded(key).orElseThrow(() -> new IllegalArgumentException(NO_KEY));
    }

    private static Optional<byte[]> decoded(String key) {
        try {
            byte[] bytes = key.matches("[0-9a-fA-F]{64}")
                    ? HexFormat.of().parseHex(key)
                    : Base64.getDecoder().decode(key);
            return bytes.length == KEY_BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Tells keys apart, and nothing else. */
    private static String id(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
