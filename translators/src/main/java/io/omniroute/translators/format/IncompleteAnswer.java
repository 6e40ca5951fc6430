package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.StreamEvent;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What becomes of a whole answer that is none. */
public final class IncompleteAnswer {

    private static final String MESSAGE = "the provider's answer was cut or is not what this endpoint answers";

    private IncompleteAnswer() {}

    /** One without what makes it an answer. */
    public static StreamEvent failure() {
        return failure("upstream_incomplete_answer");
    }

    /** One that is no JSON: where it only breaks off, its connection is to blame, and it is worth another try. */
    public static StreamEvent failure(byte[] body, JacksonException why) {
        boolean cut = why instanceof UnexpectedEndOfInputException && body.length > 0;
        return cut || breaksOff(body) ? failure(ErrorCodes.EARLY_END) : failure();
    }

    /** Whether an object has begun whose end is missing, at whatever place. */
    private static boolean breaksOff(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") && !text.endsWith("}");
    }

    private static StreamEvent failure(String code) {
        return new StreamEvent.Failure(ApiError.upstream(ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, MESSAGE)
                .withCode(code));
    }
}
