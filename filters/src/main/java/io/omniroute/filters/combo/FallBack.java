package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.util.EnumSet;
import java.util.Set;

/** After which failures a call of a combo goes on with another target: all that are not the request's own, or those that the combo lists. */
record FallBack(Combo combo) {

    /** What a provider says of a request, so that another may say something else. */
    private static final Set<ErrorKind> OF_REQUESTS = EnumSet.of(
            ErrorKind.INVALID_REQUEST,
            ErrorKind.CONTEXT_TOO_LONG,
            ErrorKind.CONTENT_POLICY,
            ErrorKind.NOT_FOUND,
            ErrorKind.CONFLICT,
            ErrorKind.TOO_LARGE,
            ErrorKind.UNSUPPORTED_MEDIA_TYPE,
            ErrorKind.UNPROCESSABLE);

    /** Whether it is one of them. */
    boolean isFor(ApiError error) {
        return combo.fallBackOn()
                .map(kinds -> kinds.contains(error.kind().id()) && !isOurOwn(error))
                .orElse(error.scope() != ErrorScope.REQUEST);
    }

    /** What the gateway cannot do itself, it cannot do with another target either. */
    private static boolean isOurOwn(ApiError error) {
        return error.scope() == ErrorScope.REQUEST && !OF_REQUESTS.contains(error.kind());
    }
}
