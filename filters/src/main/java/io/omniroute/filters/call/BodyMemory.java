package io.omniroute.filters.call;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that the bodies of requests and of whole answers may take together in this instance. Thread-safe. */
public final class BodyMemory {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public BodyMemory(LimitsProperties limits) {
        this.most = limits.bufferedBodiesBytes();
    }

    /** One body's share, which grows while it is read and is given back as a whole, once. */
    public Share share() {
        return new Share();
    }

    /** How many bytes are taken at the moment. */
    public long taken() {
        return taken.get();
    }

    static ApiException used() {
        return ApiError.notNow("the gateway holds too many bodies at the moment")
                .exception();
    }

    /** One body's share of the memory. */
    public final class Share {

        private final AtomicLong mine = new AtomicLong();
        private volatile boolean closed;

        /** Takes more, or throws OVERLOADED where there is no more. */
        public void take(long bytes) {
            mine.addAndGet(bytes);
            if (taken.addAndGet(bytes) > most) {
                giveBack();
                throw used();
            }
            if (closed) {
                // somebody else has ended it while this was read
                giveBack();
            }
        }

        /** Gives everything back, and whatever another thread may still be about to take. */
        public void close() {
            closed = true;
            giveBack();
        }

        /** Gives everything back; a second time gives nothing. */
        public void giveBack() {
            taken.addAndGet(-mine.getAndSet(0));
        }
    }
}
