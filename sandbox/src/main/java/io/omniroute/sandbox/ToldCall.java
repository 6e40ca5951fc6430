package io.omniroute.sandbox;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The call of a tool that a prompt tells the sandbox to make, such as {@code call glob with {"pattern": "*.md"}}.
 *
 * @param arguments as JSON text
 */
record ToldCall(String name, String arguments) {

    private static final Pattern TOLD = Pattern.compile("call ([A-Za-z0-9_.-]+) with (?=\\{)");
    private static final ObjectReader FIRST_VALUE =
            JsonMapper.shared().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * The last one in a prompt; {@code null} if there is none.
     *
     * @param prompt perhaps as JSON, and perhaps quoted by the client, too
     */
    static @Nullable ToldCall in(String prompt) {
        String plain = prompt.replaceAll("\\\\+\"", "\"");
        @Nullable ToldCall last = null;
        Matcher told = TOLD.matcher(plain);
        while (told.find()) {
            JsonNode arguments = parse(plain.substring(told.end()));
            if (arguments != null) {
                last = new ToldCall(told.group(1), arguments.toString());
            }
        }
        return last;
    }

    private static @Nullable JsonNode parse(String text) {
        try {
            return FIRST_VALUE.readTree(text);
        } catch (JacksonException notJson) {
            return null;
        }
    }
}
