package io.omniroute.app.support;

import java.util.concurrent.CountDownLatch;

/** Blocks on purpose; BlockHound is told to let it. */
public final class Blocking {

    private Blocking() {}

    /** Waits for the latch, whatever thread this is. */
    public static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
