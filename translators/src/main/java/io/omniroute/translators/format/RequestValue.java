package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The value of a field as a request must have it: each of these gives the one that a parser stands on, or refuses it by the field's name. */
public final class RequestValue {

    private RequestValue() {}

    /** Requires a text. */
    public static String string(String name, JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrongType(name, "a string", parser);
        }
        return parser.getString();
    }

    /** Requires a boolean; {@code null} is as good as {@code false}. */
    public static boolean bool(String name, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            case null, default -> throw wrongType(name, "a boolean", parser);
        };
    }

    /** Requires a number in the range; {@code null} is as good as absent. */
    public static boolean number(String name, JsonParser parser, double least, double most) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return true;
        }
        if (parser.currentToken() == null || !parser.currentToken().isNumeric()) {
            throw wrongType(name, "a number", parser);
        }
        double value = parser.getDoubleValue();
        if (!(value >= least && value <= most)) {
            throw ApiError.invalid(name, "'" + name + "' must be between " + plain(least) + " and " + plain(most))
                    .exception();
        }
        return true;
    }

    /** Requires a whole number of at least 1 and gives it; {@code null} gives the default. */
    public static int count(String name, JsonParser parser, int absent) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return absent;
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw wrongType(name, "a whole number", parser);
        }
        if (parser.getString().startsWith("-")) {
            throw ApiError.invalid(name, "'" + name + "' must be at least 1").exception();
        }
        long value =
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? Long.MAX_VALUE : parser.getLongValue();
        if (value < 1) {
            throw ApiError.invalid(name, "'" + name + "' must be at least 1").exception();
        }
        if (value > Integer.MAX_VALUE) {
            throw ApiError.invalid(name, "'" + name + "' must be at most " + Integer.MAX_VALUE)
                    .exception();
        }
        return (int) value;
    }

    /** The refusal of a value of another type. */
    public static ApiException wrongType(String name, String expected, JsonParser parser) {
        String found = switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a number";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case null, default -> "null";
        };
        return ApiError.invalid(name, "'" + name + "' must be " + expected + ", not " + found)
                .exception();
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
