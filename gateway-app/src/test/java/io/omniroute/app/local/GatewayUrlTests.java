package io.omniroute.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What is printed can be called from this machine. */
class GatewayUrlTests {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,'',http://127.0.0.1:4000",
        "'','',http://127.0.0.1:4000",
        "0.0.0.0,'',http://127.0.0.1:4000",
        "10.0.0.7,own,https://10.0.0.7:4000",
        "fd00::7,'',http://[fd00::7]:4000"
    })
    void isWhereTheGatewayCanBeCalled(String address, String bundle, String url) {
        StandardEnvironment settings = new StandardEnvironment();
        settings.getPropertySources()
                .addFirst(
                        new MapPropertySource("test", Map.of("server.address", address, "server.ssl.bundle", bundle)));
        assertThat(GatewayUrl.of(settings, 4000)).isEqualTo(url);
    }
}
