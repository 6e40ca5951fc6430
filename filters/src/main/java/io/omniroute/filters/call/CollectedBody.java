package io.omniroute.filters.call;

import io.netty.util.Timeout;
import io.omniroute.filters.Timers;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The body of a request, collected within a bound and within a time: one operator, because every call has one. Fails with {@link ClientLeft}
 * where the client leaves in the middle of it. For one subscriber; signals come on the connection's event loop, but for the missed
 * deadline, which comes on the timers' thread.
 */
final class CollectedBody extends Mono<byte[]> {

    private final ServerHttpRequest request;
    private final BodyBuffer collected;
    private final LimitsProperties limits;
    private final Timers timers;

    /**
     * @param collected takes what is read
     * @param limits say how much it may be, and how long it may take
     */
    CollectedBody(ServerHttpRequest request, BodyBuffer collected, LimitsProperties limits, Timers timers) {
        this.request = request;
        this.collected = collected;
        this.limits = limits;
        this.timers = timers;
    }

    /** What a body fails with that has more bytes than it may. */
    static ApiException tooLarge(LimitsProperties limits) {
        return ApiError.of(
                        ErrorKind.TOO_LARGE,
                        "the body has more than " + limits.body().toBytes()
                                + " bytes, which is the most that is accepted")
                .exception();
    }

    /** What a body fails with that takes longer than it may. */
    static ApiException tooSlow(LimitsProperties limits) {
        return ApiError.of(
                        ErrorKind.REQUEST_TIMEOUT,
                        "the body did not arrive within " + limits.bodyTime().toSeconds() + " s")
                .exception();
    }

    @Override
    public void subscribe(CoreSubscriber<? super byte[]> actual) {
        request.getBody().subscribe(new Collecting(actual));
    }

    private final class Collecting implements CoreSubscriber<DataBuffer>, Subscription {

        private static final AtomicIntegerFieldUpdater<Collecting> OVER =
                AtomicIntegerFieldUpdater.newUpdater(Collecting.class, "over");

        private final CoreSubscriber<? super byte[]> actual;
        private final Context context;
        private @Nullable Subscription body;
        private @Nullable Timeout deadline;
        private volatile int over;

        Collecting(CoreSubscriber<? super byte[]> actual) {
            this.actual = actual;
            this.context = ClientLeft.quiet(actual.currentContext());
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            body = subscription;
            deadline = timers.after(limits.bodyTime(), this::late);
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(DataBuffer buffer) {
            try {
                if (over == 0) {
                    collect(buffer);
                }
            } catch (RuntimeException refused) {
                stop(refused);
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        private void collect(DataBuffer buffer) {
            if (collected.size() + (long) buffer.readableByteCount()
                    > limits.body().toBytes()) {
                throw tooLarge(limits);
            }
            collected.add(buffer);
        }

        @Override
        public void onComplete() {
            if (ends()) {
                actual.onNext(collected.take());
                actual.onComplete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (ends()) {
                actual.onError(ClientLeft.orElse(failure));
            } else {
                ClientLeft.late(failure);
            }
        }

        @Override
        public void request(long bodies) {
            Subscription known = body;
            if (known != null) {
                known.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void cancel() {
            if (ends()) {
                leave();
            }
        }

        private void late() {
            stop(tooSlow(limits));
        }

        private void stop(RuntimeException why) {
            if (ends()) {
                leave();
                actual.onError(why);
            }
        }

        private boolean ends() {
            if (!OVER.compareAndSet(this, 0, 1)) {
                return false;
            }
            Timeout waiting = deadline;
            if (waiting != null) {
                waiting.cancel();
            }
            return true;
        }

        private void leave() {
            Subscription known = body;
            if (known != null) {
                known.cancel();
            }
        }
    }
}
