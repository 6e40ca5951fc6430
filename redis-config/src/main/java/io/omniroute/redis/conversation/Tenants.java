package io.omniroute.redis.conversation;

import io.omniroute.config.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What keys say of an organisation and a team: their names may have any characters, their hash has none that means something. */
public final class Tenants {

    private Tenants() {}

    /** The same for all keys of a team. */
    public static String of(ApiKey owner) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((owner.organisation() + "\0" + owner.team()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
