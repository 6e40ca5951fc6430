package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.json.JsonLimits;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Texts in which some providers look for addresses of what they keep, {@code fileid://…}: no answer hands such things out, so nobody's
 * team can be known to own them. Only for requests to these providers, because all texts are read.
 */
public final class KeptAddresses {

    private KeptAddresses() {}

    /**
     * Refuses a request that has such an address in one of its texts.
     *
     * @param body as the provider would get it
     * @param schemes of the addresses that the provider knows
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if there is one
     */
    public static void refuse(byte[] body, Set<String> schemes, JsonLimits limits) {
        if (schemes.isEmpty()) {
            return;
        }
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    refuse(parser.getString(), schemes);
                }
            }
        }
    }

    private static void refuse(String text, Set<String> schemes) {
        for (String scheme : schemes) {
            if (names(text, scheme + "://")) {
                throw ApiError.invalid(
                                "messages",
                                "'" + scheme
                                        + "://' refers to something that a provider keeps, and it is not known to be"
                                        + " your team's; send the content instead")
                        .withCode("unsupported_feature")
                        .exception();
            }
        }
    }

    /** Whether an id follows: texts may speak of such addresses without one. */
    private static boolean names(String text, String start) {
        int at = text.indexOf(start);
        while (at >= 0) {
            int next = at + start.length();
            boolean whole = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            if (whole && next < text.length() && Character.isLetterOrDigit(text.charAt(next))) {
                return true;
            }
            at = text.indexOf(start, next);
        }
        return false;
    }
}
