package io.omniroute.filters.call;

/** Hears a call's good answer in the client's own format as it leaves. Called on the thread that writes; must not block. */
public interface SentAnswer {

    /** The whole answer. */
    void whole(byte[] answer);

    /** The next bytes of its stream. */
    void part(byte[] events);

    /** Its stream is at its end. */
    void end();
}
