package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Signatures on parts. They are bytes to Google's SDKs, so what is carried in their place is encoded as such. */
final class Signatures {

    /** What Google documents for calls that another model made. */
    static final String PLACEHOLDER = "skip_thought_signature_validator";

    /** Stands for the signature of a thought that has none: its provider wants to hear its words again all the same. */
    static final Opaque UNSIGNED = new Opaque("", Opaque.Kind.PLAIN, null, "");

    private static final String WORDS = "words-";
    private static final String TEXT = "text-";
    private static final String SHOWN = "shown-";
    private static final String FIRST = "1-";
    private static final String LAST = "2-";
    private static final int LONGEST = 64 * 1024;

    private Signatures() {}

    static @Nullable Opaque read(CarrierSeal seal, @Nullable String signature) {
        if (signature == null || signature.isEmpty()) {
            return null;
        }
        try {
            String decoded = new String(Base64.getDecoder().decode(signature), StandardCharsets.UTF_8);
            if (decoded.startsWith(CarrierSeal.PREFIX)) {
                return seal.unpack(decoded);
            }
        } catch (IllegalArgumentException notBase64) {
            // Google's own, in its other alphabet
        }
        return new Opaque(GeminiFormat.ID, Opaque.Kind.SIGNATURE, null, signature);
    }

    /**
     * A signature of a thought with what tells its words, for some clients make one thought of two: what then comes back is signed by
     * neither.
     */
    static Opaque about(String text, Opaque signature) {
        boolean foreign = !signature.family().equals(GeminiFormat.ID);
        return foreign && signature.kind() == Opaque.Kind.SIGNATURE ? signature.withId(words(text)) : signature;
    }

    /** What a thought that came back is signed by, if it is the thought that was signed. */
    static Opaque checked(String text, Opaque signature) {
        String id = signature.id();
        if (id == null || !id.startsWith(WORDS)) {
            return signature;
        }
        return id.equals(words(text)) ? signature.withId(null) : UNSIGNED;
    }

    /** Whether it says only that there is none: the mark, or Google's placeholder. */
    static boolean isNone(Opaque opaque) {
        return (opaque.family().isEmpty() && opaque.payload().isEmpty())
                || opaque.payload().equals(PLACEHOLDER);
    }

    /**
     * A signature of a thought that is shown, for the call behind it: clients that forget thoughts send calls back as they were. What it
     * signs is in it, where that has to come back with it; {@code null} if that is too much.
     *
     * @param first whether nothing was said before the thought since the call before
     */
    static @Nullable Opaque onCall(String text, Opaque signature, boolean first) {
        if (signature.family().equals(GeminiFormat.ID)) {
            return null;
        }
        String place = first ? FIRST : LAST;
        if (signature == UNSIGNED && text.isEmpty()) {
            return null;
        }
        if (signature != UNSIGNED && signature.kind() != Opaque.Kind.SIGNATURE) {
            return signature.withId(place + SHOWN + (signature.id() == null ? "" : signature.id()));
        }
        return text.length() > LONGEST ? null : signature.withId(place + TEXT + text);
    }

    /** Whether the thought stands before all that was said since the call before, and not directly before its call. */
    static boolean standsBefore(Opaque onCall) {
        return onCall.id() != null && onCall.id().startsWith(FIRST);
    }

    /** The thought that such a signature brings back; {@code null} if it is none. */
    static Part.@Nullable Thought thought(Opaque onCall) {
        String id = onCall.id();
        if (id == null || !(id.startsWith(FIRST) || id.startsWith(LAST))) {
            return null;
        }
        String rest = id.substring(FIRST.length());
        if (rest.startsWith(TEXT)) {
            return new Part.Thought(rest.substring(TEXT.length()), onCall.withId(null));
        }
        if (!rest.startsWith(SHOWN)) {
            return null; // an id of the provider's own
        }
        String own = rest.substring(SHOWN.length());
        return new Part.Thought("", onCall.withId(own.isEmpty() ? null : own));
    }

    private static String words(String text) {
        return WORDS + Integer.toHexString(text.length()) + "-" + Integer.toHexString(text.hashCode());
    }

    /** The carrier that carries nothing, as bytes; empty if nothing can be carried. */
    static String mark(CarrierSeal seal) {
        return Base64.getEncoder().encodeToString(seal.mark().getBytes(StandardCharsets.UTF_8));
    }

    /** What a client is shown; empty if nothing can be carried. */
    static String show(CarrierSeal seal, Opaque opaque) {
        if (opaque.family().equals(GeminiFormat.ID)) {
            return opaque.payload();
        }
        return Base64.getEncoder().encodeToString(seal.pack(opaque).getBytes(StandardCharsets.UTF_8));
    }
}
