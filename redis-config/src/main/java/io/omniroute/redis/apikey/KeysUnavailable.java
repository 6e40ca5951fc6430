package io.omniroute.redis.apikey;

/** Whether a key is valid cannot be said, because Redis has been away for longer than the copy may serve. */
public final class KeysUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeysUnavailable() {
        super("API keys cannot be checked at the moment", null, false, false);
    }
}
