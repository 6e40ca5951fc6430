package io.omniroute.translators.error;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A failure in the gateway's own words, which every format can render.
 *
 * @param kind what went wrong; decides the HTTP status
 * @param code a machine-readable code of the field, or {@code null} for the kind's usual one
 * @param message what was wrong and what was expected, for a person; free of secrets, prompts and internals
 * @param param the field of the request that is at fault, as a path, if there is one
 * @param retryAfter how long to wait before another try is worth it, if known
 * @param scope how far the failure reaches
 */
public record ApiError(
        ErrorKind kind,
        @Nullable String code,
        String message,
        @Nullable String param,
        @Nullable Duration retryAfter,
        ErrorScope scope) {

    /** A failure of the request itself, without a field that could be named. */
    public static ApiError of(ErrorKind kind, String message) {
        return new ApiError(kind, null, message, null, null, ErrorScope.REQUEST);
    }

    /** A malformed request, naming the field at fault. */
    public static ApiError invalid(String param, String message) {
        return new ApiError(ErrorKind.INVALID_REQUEST, null, message, param, null, ErrorScope.REQUEST);
    }

    /** A failure on the provider's side, with its scope. */
    public static ApiError upstream(ErrorKind kind, ErrorScope scope, String message) {
        return new ApiError(kind, null, message, null, null, scope);
    }

    /** Whether it says nothing of who was asked, although another model may take the request. */
    public boolean isOfTheRequest() {
        return scope == ErrorScope.REQUEST || kind == ErrorKind.INVALID_REQUEST;
    }

    /** What the gateway itself cannot do at the moment, for want of memory or of its store; a second later it may. */
    public static ApiError notNow(String message) {
        return of(ErrorKind.OVERLOADED, message).withRetryAfter(Duration.ofSeconds(1));
    }

    /** The same failure with a machine-readable code. */
    public ApiError withCode(String newCode) {
        return new ApiError(kind, newCode, message, param, retryAfter, scope);
    }

    /** The same failure in the words of whoever calls the field at fault something else. */
    public ApiError withParam(UnaryOperator<String> names) {
        if (param == null || names.apply(param).equals(param)) {
            return this;
        }
        String named = names.apply(param);
        return new ApiError(
                kind, code, message.replace("'" + param + "'", "'" + named + "'"), named, retryAfter, scope);
    }

    /** The same failure with a hint when to try again. */
    public ApiError withRetryAfter(@Nullable Duration newRetryAfter) {
        return new ApiError(kind, code, message, param, newRetryAfter, scope);
    }

    /** The failure as something to throw. */
    public ApiException exception() {
        return new ApiException(this);
    }
}
