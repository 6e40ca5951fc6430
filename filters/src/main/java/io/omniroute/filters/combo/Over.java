package io.omniroute.filters.combo;

import io.omniroute.filters.Ending;

/** Does something when work is over, however it ends. */
final class Over<T> extends Ending<T> {

    private final Runnable then;

    Over(Runnable then) {
        this.then = then;
    }

    @Override
    protected void completes() {
        then.run();
    }

    @Override
    protected Throwable fails(Throwable failure) {
        then.run();
        return failure;
    }

    @Override
    protected void cancelled() {
        then.run();
    }
}
