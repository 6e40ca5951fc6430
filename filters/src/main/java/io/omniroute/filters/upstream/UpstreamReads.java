package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.omniroute.filters.attempt.AttemptExchange;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What is read of a provider's answer, read by read, until it ends or one of its deadlines is missed. Everything happens on the event
 * loop of the provider's connection, the missed deadline too, so that a read costs one call and no lock. For one subscriber.
 */
final class UpstreamReads extends Flux<byte[]> {

    private final AttemptExchange exchange;
    private final AnswerDeadlines deadlines;

    /** @param deadlines are told of every read */
    UpstreamReads(AttemptExchange exchange, AnswerDeadlines deadlines) {
        this.exchange = exchange;
        this.deadlines = deadlines;
    }

    @Override
    public void subscribe(CoreSubscriber<? super byte[]> actual) {
        exchange.inbound().subscribe(new Reads(actual));
    }

    private static final AtomicLongFieldUpdater<Reads> ASKED = AtomicLongFieldUpdater.newUpdater(Reads.class, "asked");

    private final class Reads implements CoreSubscriber<ByteBuf>, Subscription {

        private final CoreSubscriber<? super byte[]> actual;
        private final EventLoop loop = exchange.loop();
        private @Nullable Subscription connection;
        private @Nullable Disposable missed;
        private volatile boolean over;
        /** How many reads the client's side has asked for. */
        private volatile long asked;

        Reads(CoreSubscriber<? super byte[]> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            connection = subscription;
            actual.onSubscribe(this);
            Disposable waiting = deadlines
                    .missed()
                    .subscribe(
                            nothing -> {},
                            failure -> loop.execute(() -> stop(failure)),
                            () -> loop.execute(() -> stop(null)));
            missed = waiting;
            if (over) {
                waiting.dispose();
            }
        }

        @Override
        public void onNext(ByteBuf read) {
            if (!over) {
                deadlines.touch();
                if (asked != Long.MAX_VALUE && ASKED.decrementAndGet(this) == 0) {
                    deadlines.pauses();
                    if (asked > 0) {
                        deadlines.goesOn();
                    }
                }
                actual.onNext(UpstreamBody.bytes(read));
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (ends()) {
                actual.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            exchange.wasRead();
            if (ends()) {
                actual.onComplete();
            }
        }

        @Override
        public void request(long reads) {
            Subscription known = connection;
            if (known != null) {
                if (Operators.addCap(ASKED, this, reads) == 0) {
                    deadlines.goesOn();
                }
                known.request(reads);
            }
        }

        @Override
        public void cancel() {
            ends();
            leave();
        }

        /** A deadline was missed, or a closed answer has lingered. */
        private void stop(@Nullable Throwable failure) {
            if (!ends()) {
                return;
            }
            leave();
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        private boolean ends() {
            if (over) {
                return false;
            }
            over = true;
            Disposable waiting = missed;
            if (waiting != null) {
                waiting.dispose();
            }
            return true;
        }

        private void leave() {
            Subscription known = connection;
            if (known != null) {
                known.cancel();
            }
        }
    }
}
