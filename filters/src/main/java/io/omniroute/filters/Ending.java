package io.omniroute.filters;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Hears how work ends: one operator where {@code doOnSuccess}, {@code onErrorMap}, {@code doOnError} and {@code doOnCancel} are four, for
 * what every call passes. Just one of the three is called for each subscription, on the thread of the signal. What is below finds
 * Reactor's context here, and does not ask all that is above for it.
 *
 * @param <T> what the work brings
 */
public abstract class Ending<T> {

    /** The work has completed; its subscriber has not heard of that yet. */
    protected void completes() {}

    /**
     * The work has failed; its subscriber has not heard of that yet.
     *
     * @return what it hears
     */
    protected Throwable fails(Throwable failure) {
        return failure;
    }

    /** The subscriber has cancelled the work, which has heard of that. */
    protected void cancelled() {}

    /** The same work, whose end is heard. */
    public final Mono<T> of(Mono<T> work) {
        return new Heard<>(work, this);
    }

    private static final class Heard<T> extends MonoOperator<T, T> {

        private final Ending<T> ending;

        Heard(Mono<T> work, Ending<T> ending) {
            super(work);
            this.ending = ending;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> actual) {
            source.subscribe(new Hearing<>(actual, ending));
        }
    }

    private static final class Hearing<T> implements CoreSubscriber<T>, Subscription {

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Hearing> OVER =
                AtomicIntegerFieldUpdater.newUpdater(Hearing.class, "over");

        private final CoreSubscriber<? super T> actual;
        private final Ending<T> ending;
        private final Context context;
        private @Nullable Subscription work;
        private volatile int over;

        Hearing(CoreSubscriber<? super T> actual, Ending<T> ending) {
            this.actual = actual;
            this.ending = ending;
            this.context = actual.currentContext();
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(work, subscription)) {
                work = subscription;
                actual.onSubscribe(this);
            }
        }

        @Override
        public void onNext(T value) {
            actual.onNext(value);
        }

        @Override
        public void onComplete() {
            if (!ends()) {
                return;
            }
            try {
                ending.completes();
            } catch (RuntimeException | Error broken) {
                actual.onError(Operators.onOperatorError(broken, context));
                return;
            }
            actual.onComplete();
        }

        @Override
        public void onError(Throwable failure) {
            if (!ends()) {
                Operators.onErrorDropped(failure, context);
                return;
            }
            Throwable told;
            try {
                told = ending.fails(failure);
            } catch (RuntimeException | Error broken) {
                told = Operators.onOperatorError(null, broken, failure, context);
            }
            actual.onError(told);
        }

        @Override
        public void request(long values) {
            Subscription known = work;
            if (known != null) {
                known.request(values);
            }
        }

        @Override
        public void cancel() {
            boolean first = ends();
            Subscription known = work;
            if (known != null) {
                known.cancel();
            }
            if (first) {
                ending.cancelled();
            }
        }

        private boolean ends() {
            return OVER.compareAndSet(this, 0, 1);
        }
    }
}
