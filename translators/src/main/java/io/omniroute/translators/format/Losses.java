package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.model.Loss;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what a translation loses. One per attempt; not thread-safe. */
public final class Losses {

    private final boolean strict;
    private final Set<Loss> losses = new LinkedHashSet<>();

    /** @param strict whether the client would rather have no answer than a loss */
    public Losses(boolean strict) {
        this.strict = strict;
    }

    /**
     * Notes a loss.
     *
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if the client does not accept it
     */
    public void add(Loss.Code code, String path) {
        if (strict && code.isRefusedWhenStrict()) {
            throw ApiError.invalid(path, "'" + path + "' cannot be said to this provider (" + code.id() + ")")
                    .withCode("unsupported_feature")
                    .exception();
        }
        losses.add(new Loss(code, path));
    }

    /** Notes what is only known once the answer is there, when nothing can be refused any more. */
    void note(Loss.Code code, String path) {
        losses.add(new Loss(code, path));
    }

    /** The refusal of what must not be lost: it would change what the answer means. */
    public static ApiException unsupported(String path, String message) {
        return ApiError.invalid(path, "'" + path + "': " + message)
                .withCode("unsupported_feature")
                .exception();
    }

    /** All losses, each once, in their order. */
    public List<Loss> all() {
        return List.copyOf(losses);
    }
}
