package io.omniroute.app.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import reactor.netty.http.server.HttpServer;

/** Whoever starts a second gateway reads which port is taken and what it is changed with. */
class UnusablePortAnalyzerTests {

    @ParameterizedTest
    @CsvSource({
        "server.port, the variable PORT (server.port)",
        "management.server.port, management.server.port",
        "omniroute.local.sandbox-control-port, omniroute.local.sandbox-control-port"
    })
    void namesThePortAndItsSetting(String setting, String shown) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            StandardEnvironment environment = new StandardEnvironment();
            environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(setting, port)));
            Throwable failure = catchThrowable(
                    () -> HttpServer.create().host("127.0.0.1").port(port).bindNow());
            FailureAnalysis analysis =
                    new UnusablePortAnalyzer(environment).analyze(new IllegalStateException(failure));
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription())
                    .contains("port " + port + " of 127.0.0.1")
                    .contains("another program listens there");
            assertThat(analysis.getAction()).contains("another port with " + shown + ",");
        }
    }
}
