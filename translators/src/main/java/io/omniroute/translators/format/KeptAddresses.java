package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.json.JsonLimits;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Addresses by which some providers take what they keep out of a conversation, {@code fileid://…}: anywhere in what the system says, and at
 * the beginning of any other text or address. No answer hands such things out, so nobody's team can be known to own them. Only for requests
 * to these providers, because all texts are read. Not thread-safe.
 */
public final class KeptAddresses {

    private static final Set<String> TURNS = Set.of("messages", "input", "contents");
    private static final Set<String> OF_SYSTEM = Set.of("system", "instructions", "systemInstruction");
    private static final Set<String> ROLES_OF_SYSTEM = Set.of("system", "developer");

    /** What is translated may be a little deeper than what the client sent. */
    private static final JsonLimits LIMITS = new JsonLimits(1_000);

    private static final Map<Set<String>, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private final JsonParser parser;
    private final Pattern address;
    private @Nullable String inside;

    private KeptAddresses(JsonParser parser, Set<String> schemes) {
        this.parser = parser;
        this.address = PATTERNS.computeIfAbsent(schemes, KeptAddresses::pattern);
    }

    private static Pattern pattern(Set<String> schemes) {
        return Pattern.compile(
                "(?<![\\p{Alnum}])(?:" + String.join("|", new TreeSet<>(schemes)) + ")://[\\p{Alnum}_-]",
                Pattern.CASE_INSENSITIVE);
    }

    /**
     * Refuses a request that has such an address in one of its texts; another target may take it.
     *
     * @param body as the provider would get it
     * @param schemes of the addresses that the provider knows
     * @throws ApiException INVALID_REQUEST if there is one
     */
    public static void refuse(byte[] body, Set<String> schemes) {
        if (schemes.isEmpty()) {
            return;
        }
        try (JsonParser parser = LIMITS.factory().createParser(ObjectReadContext.empty(), body)) {
            new KeptAddresses(parser, schemes).request();
        } catch (JacksonException deeper) {
            throw ApiError.of(ErrorKind.INVALID_REQUEST, "the request is nested too deep for this provider")
                    .exception();
        }
    }

    private void request() {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (OF_SYSTEM.contains(name)) {
                ofSystem(name);
            } else if (TURNS.contains(name) && parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    turn(name);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void ofSystem(String name) {
        inside = null;
        value(name);
        if (inside != null) {
            throw refused(name, inside);
        }
    }

    private void turn(String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            value(name);
            return;
        }
        inside = null;
        boolean system = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean role = parser.currentName().equals("role");
            if (parser.nextToken() == JsonToken.VALUE_STRING && role) {
                system = ROLES_OF_SYSTEM.contains(parser.getString());
            } else {
                value(name);
            }
        }
        if (system && inside != null) {
            throw refused(name, inside);
        }
    }

    private void value(String name) {
        switch (parser.currentToken()) {
            case VALUE_STRING -> text(name, parser.getString());
            case START_OBJECT -> {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    parser.nextToken();
                    value(name);
                }
            }
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(name);
                }
            }
            default -> {
                // names nothing
            }
        }
    }

    private void text(String name, String text) {
        Matcher found = address.matcher(text);
        if (!found.find()) {
            return;
        }
        String scheme = text.substring(found.start(), text.indexOf(':', found.start()));
        if (text.substring(0, found.start()).isBlank()) {
            throw refused(name, scheme);
        }
        inside = scheme;
    }

    private static ApiException refused(String name, String scheme) {
        return new ApiError(
                        ErrorKind.INVALID_REQUEST,
                        ErrorCodes.UNSUPPORTED,
                        "'" + scheme + "://' refers to something that a provider keeps, and it is not known to be your"
                                + " team's; send the content instead",
                        name,
                        null,
                        ErrorScope.MODEL)
                .exception();
    }
}
