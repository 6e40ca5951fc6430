package io.omniroute.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sandbox by itself says what it takes, and what it cannot have. */
class SandboxMainTests {

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"--help", "abc", "99999", "65535", "-1", "1 99999", "1 2 3"})
    void showsItsUsage(String arguments) throws InterruptedException {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith("usage: ")
                .hasLineCount(1);
    }

    @Test
    void saysWhichPortItCannotHave() throws IOException, InterruptedException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            assertThat(run(port, "0")).isEqualTo(1);
            assertThat(run("0", port)).isEqualTo(1);
            assertThat(errors.toString(StandardCharsets.UTF_8))
                    .contains("cannot listen on port " + port + ": ")
                    .doesNotContain("\tat ");
        }
    }

    private int run(String... arguments) throws InterruptedException {
        PrintStream out = new PrintStream(errors, true, StandardCharsets.UTF_8);
        return SandboxMain.run(arguments, out, out);
    }
}
