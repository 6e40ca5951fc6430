package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.JavaProcess;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A process that is told to end does, also where something in it never does. */
class LastResortTests {

    @Test
    void endsWhatDoesNotEndItself() {
        try (JavaProcess process = JavaProcess.start(NeverEnds.class.getName(), Map.of())) {
            process.awaitOutput("started");
            process.terminate();
            assertThat(process.awaitEnd()).as(process.output()).isEqualTo(143);
        }
    }

    /** Waits in its end for what never comes. */
    static final class NeverEnds {

        private NeverEnds() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    never.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
            LastResort.after(Duration.ofMillis(200));
            System.out.println("started");
            never.await();
        }
    }
}
