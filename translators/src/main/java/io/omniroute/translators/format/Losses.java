package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Message;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what a translation loses. One per attempt; not thread-safe. */
public final class Losses {

    /** Nobody is told of more. */
    private static final int MOST = 200;

    private static final int LONGEST = 100;

    private final boolean strict;
    private final Set<Loss> losses = new LinkedHashSet<>();
    private String place = "";

    /** @param strict whether the client would rather have no answer than a loss */
    public Losses(boolean strict) {
        this.strict = strict;
    }

    /** Tells which turn is translated now: what is refused of it is named by where the client wrote it. */
    public void at(Message turn) {
        at(turn.place());
    }

    /** The same by where the turn stands; empty for nowhere, or several places. */
    public void at(String turn) {
        place = turn;
    }

    /** Tells that all turns are translated. */
    public void behindTurns() {
        place = "";
    }

    /**
     * Notes a loss.
     *
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if the client does not accept it
     */
    public void add(Loss.Code code, String path) {
        if (strict && code.isRefusedWhenStrict()) {
            String at = where(path);
            throw ofThisModel(at, "'" + at + "' cannot be said to this provider (" + code.id() + ")");
        }
        note(code, path);
    }

    /** Notes what is only known once the answer is there, when nothing can be refused any more. */
    void note(Loss.Code code, String path) {
        if (losses.size() < MOST) {
            losses.add(new Loss(code, path.length() > LONGEST ? path.substring(0, LONGEST) : path));
        }
    }

    /** The refusal of what must not be lost: it would change what the answer means. */
    public ApiException unsupported(String path, String message) {
        String at = where(path);
        return ofThisModel(at, "'" + at + "': " + message);
    }

    /** Another target may take it. */
    private static ApiException ofThisModel(String path, String message) {
        return new ApiError(ErrorKind.INVALID_REQUEST, ErrorCodes.UNSUPPORTED, message, path, null, ErrorScope.MODEL)
                .exception();
    }

    /** The path, or where the client wrote the turn that is translated now, if it is of that. */
    public String where(String path) {
        boolean ofTurn = path.equals("messages") || path.startsWith("messages.");
        return ofTurn && !place.isEmpty() ? place : path;
    }

    /** All losses, each once, in their order. */
    public List<Loss> all() {
        return List.copyOf(losses);
    }
}
