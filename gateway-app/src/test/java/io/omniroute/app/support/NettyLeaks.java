package io.omniroute.app.support;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes a leaked Netty buffer fail the test class in which it is found. Netty reports a leak when it allocates after the
 * buffer was collected, so after each class the collector runs and buffers are allocated until nothing new is reported.
 */
public final class NettyLeaks implements LauncherSessionListener, AfterAllCallback {

    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();
    private static final int ROUNDS = 3;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        record();
    }

    /** Records leaks from now on; must be called before Netty makes its first detector. */
    public static void record() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation")
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long active) {
                return new Recording<>(resource, interval);
            }
        });
    }

    @Override
    public void afterAll(ExtensionContext context) {
        String found = find();
        if (!found.isEmpty()) {
            throw new AssertionError("Netty buffers leaked:\n" + found);
        }
    }

    /** What has leaked since the last look; empty if nothing has. */
    public static String find() {
        for (int round = 0; round < ROUNDS; round++) {
            if (round == 0) {
                System.gc();
            } else {
                // what was collected is reported by another thread
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            for (int i = 0; i < 200; i++) {
                ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(16);
                buffer.release();
            }
        }
        StringBuilder all = new StringBuilder();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            all.append(report).append('\n');
        }
        return all.toString();
    }

    private static final class Recording<T> extends ResourceLeakDetector<T> {

        Recording(Class<T> resource, int interval) {
            super(resource, interval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            REPORTS.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            REPORTS.add(type);
        }
    }
}
