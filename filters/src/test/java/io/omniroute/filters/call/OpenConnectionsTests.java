package io.omniroute.filters.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How many connections clients may have open. */
class OpenConnectionsTests {

    private final OpenConnections connections = new OpenConnections(2);

    @Test
    void closesTheOneAboveTheBound() {
        EmbeddedChannel first = accepted();
        EmbeddedChannel second = accepted();
        EmbeddedChannel third = accepted();
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
        assertThat(third.isOpen()).isFalse();
        assertThat(connections.current()).isEqualTo(2);
    }

    @Test
    void hasAPlaceAgainWhenOneCloses() {
        EmbeddedChannel first = accepted();
        accepted();
        first.close();
        assertThat(accepted().isOpen()).isTrue();
        assertThat(connections.current()).isEqualTo(2);
    }

    @Test
    void aRefusedOneTakesNoPlace() {
        EmbeddedChannel first = accepted();
        EmbeddedChannel second = accepted();
        for (int i = 0; i < 5; i++) {
            assertThat(accepted().isOpen()).isFalse();
        }
        first.close();
        second.close();
        assertThat(connections.current()).isZero();
    }

    private EmbeddedChannel accepted() {
        EmbeddedChannel channel = new EmbeddedChannel();
        connections.accept(channel);
        return channel;
    }
}
