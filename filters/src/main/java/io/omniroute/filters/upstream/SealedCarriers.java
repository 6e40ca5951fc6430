package io.omniroute.filters.upstream;

import io.omniroute.redis.DeploymentSecret;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.model.Opaque;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Carriers with an HMAC-SHA256 under the deployment's secret, for one organisation at a time: {@code or1.<family>.<payload>.<tag>}.
 * Any instance opens what another has packed; nobody opens what an organisation did not get itself. While the secret is not
 * known nothing is carried.
 */
public final class SealedCarriers {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST = 256 * 1024;
    private static final int TAG_BYTES = 16;
    private static final int VERSION = 2;

    private final DeploymentSecret secret;

    public SealedCarriers(DeploymentSecret secret) {
        this.secret = secret;
    }

    /** The carriers of an organisation. */
    public CarrierSeal of(String organisation) {
        return secret.current()
                .<CarrierSeal>map(keys -> new Sealed(keys, organisation))
                .orElse(CarrierSeal.NONE);
    }

    private record Sealed(DeploymentSecret.Secrets keys, String organisation) implements CarrierSeal {

        @Override
        public String pack(Opaque opaque) {
            if (opaque.payload().length() > LONGEST) {
                return "";
            }
            String family = opaque.family().isEmpty() ? "none" : opaque.family();
            String body = family + "." + encode(write(opaque));
            return PREFIX + body + "." + tag(body, keys.current());
        }

        @Override
        public @Nullable Opaque unpack(String carrier) {
            int end = carrier.lastIndexOf('.');
            if (end <= PREFIX.length() || carrier.length() > 2 * LONGEST) {
                return null;
            }
            String body = carrier.substring(PREFIX.length(), end);
            byte[] tag = carrier.substring(end + 1).getBytes(StandardCharsets.US_ASCII);
            byte[] former = keys.former();
            boolean ours = isTag(tag, body, keys.current()) || (former != null && isTag(tag, body, former));
            return ours ? read(body) : null;
        }

        private boolean isTag(byte[] tag, String body, byte[] key) {
            return MessageDigest.isEqual(tag(body, key).getBytes(StandardCharsets.US_ASCII), tag);
        }

        private static byte[] write(Opaque opaque) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeByte(VERSION);
                out.writeByte(opaque.kind().ordinal());
                text(out, opaque.family());
                text(out, opaque.id() == null ? "" : opaque.id());
                text(out, opaque.payload());
                text(out, opaque.provider());
            } catch (IOException never) {
                throw new UncheckedIOException(never);
            }
            return bytes.toByteArray();
        }

        private static @Nullable Opaque read(String body) {
            byte[] bytes = Base64.getUrlDecoder().decode(body.substring(body.indexOf('.') + 1));
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                if (in.readByte() != VERSION) {
                    return null;
                }
                Opaque.Kind kind = Opaque.Kind.values()[in.readByte()];
                String family = text(in);
                String id = text(in);
                String payload = text(in);
                return new Opaque(family, kind, id.isEmpty() ? null : id, payload, text(in));
            } catch (IOException never) {
                throw new UncheckedIOException(never);
            }
        }

        private static void text(DataOutputStream out, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        private static String text(DataInputStream in) throws IOException {
            return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }

        private String tag(String body, byte[] key) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(key, ALGORITHM));
                mac.update(organisation.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
                return encode(Arrays.copyOf(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)), TAG_BYTES));
            } catch (GeneralSecurityException never) {
                throw new IllegalStateException("every JDK has HMAC-SHA256", never);
            }
        }

        private static String encode(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
    }
}
