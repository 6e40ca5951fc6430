package io.omniroute.filters.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that take nothing of what waits for them, and those that take it slowly. */
class StalledWritesTests {

    /** A client that takes as many bytes of each write as it is told to. */
    private static final class Client extends EmbeddedChannel {

        private int takes;

        Client() {
            super(new StalledWrites(Duration.ofSeconds(60)));
            freezeTime();
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer waiting) {
            if (takes > 0) {
                waiting.removeBytes(takes);
            }
        }

        void seconds(int seconds) {
            advanceTimeBy(seconds, TimeUnit.SECONDS);
            runPendingTasks();
            runScheduledPendingTasks();
        }
    }

    @Test
    void leavesAClientThatTakesNothing() {
        Client client = new Client();
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        client.seconds(59);
        assertThat(client.isOpen()).isTrue();
        client.seconds(30);
        assertThat(client.isOpen()).isTrue();
        client.seconds(62);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void waitsForAClientThatTakesItSlowly() {
        Client client = new Client();
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        client.takes = 1;
        for (int i = 0; i < 10; i++) {
            client.seconds(40);
            client.flush();
        }
        assertThat(client.isOpen()).isTrue();
        client.close();
    }

    @Test
    void waitsForWhatIsNotThereYet() {
        Client client = new Client();
        client.takes = 100;
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        client.seconds(500);
        assertThat(client.isOpen()).isTrue();
        client.close();
    }
}
