package io.omniroute.translators.format;

import io.omniroute.translators.model.Opaque;
import org.jspecify.annotations.Nullable;

/**
 * Packs what only one provider can read into a text that passes through a client of another format, and comes back with its
 * next request. Whoever implements it holds the key; what it did not pack itself it does not open.
 */
public interface CarrierSeal {

    /** How every carrier begins, so that it is told from a provider's own payload. */
    String PREFIX = "or1.";

    /** Carries nothing. */
    CarrierSeal NONE = new CarrierSeal() {
        @Override
        public String pack(Opaque opaque) {
            return "";
        }

        @Override
        public @Nullable Opaque unpack(String carrier) {
            return null;
        }
    };

    /** Whether a body may have a carrier in it, in plain or as the bytes that Google's clients make of it. */
    static boolean mayBeIn(byte[] body) {
        return CarrierSearch.find(body);
    }

    /** The payload as a text of letters, digits, {@code _}, {@code -} and dots. */
    String pack(Opaque opaque);

    /** What was packed, or {@code null} if this was not packed here, or not for this caller. */
    @Nullable
    Opaque unpack(String carrier);

    /** What a text in the place of a payload of that family is: a carrier, or the family's own; {@code null} for neither. */
    default @Nullable Opaque read(String family, Opaque.Kind kind, @Nullable String id, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return text.startsWith(PREFIX) ? unpack(text) : new Opaque(family, kind, id, text);
    }

    /** A carrier that carries nothing, and says that what it stands on is not its format's own. */
    default String mark() {
        return pack(new Opaque("", Opaque.Kind.PLAIN, null, ""));
    }

    /** The payload for a client of that family: as it is if it is the family's own, else packed. */
    default String show(Opaque opaque, String family) {
        return opaque.family().equals(family) ? opaque.payload() : pack(opaque);
    }
}
