package io.omniroute.filters.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Which hosts NO_PROXY means, and who is behind a proxy. */
class UpstreamProxyTests {

    @ParameterizedTest
    @CsvSource({
        "api.example.com,example.com,true",
        "api.example.com,.example.com,true",
        "api.example.com,*.example.com,true",
        "example.com,example.com,true",
        "notexample.com,example.com,false",
        "api.example.com,api.other.com,false",
        "anything,*,true",
        "api.example.com,' EXAMPLE.com ',true",
        "api.example.com,'',false",
        "api.example.com,example.com:8443,true",
        "api.example.com,example.com:443,false",
        "10.1.2.3,10.0.0.0/8,true",
        "11.1.2.3,10.0.0.0/8,false",
        "10.1.2.3,10.1.2.3:8443,true",
        "api.example.com,10.0.0.0/8,false",
        "10.1.2.3,10.0.0.0/x,false",
        "fd00::1,fd00::/8,true",
        "fd00::1,[fd00::1]:8443,true",
        "fd00::1,fd00::1,true"
    })
    void exceptsHosts(String host, String exception, boolean direct) {
        assertThat(UpstreamProxy.isExcepted(host, 8443, List.of("unrelated", exception)))
                .isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/v1,true",
        "https://inside.example.org/v1,false",
        "https://localhost:8443/v1,false",
        "http://api.example.net/v1,false"
    })
    void knowsWhoIsBehindAProxy(String url, boolean behind) {
        Catalog catalog = CatalogReader.read(
                new Binder(new MapConfigurationPropertySource(Map.of(
                                "omniroute.providers.p.base-url", url, "omniroute.providers.p.formats", "openai-chat")))
                        .bind("omniroute", CatalogProperties.class)
                        .get(),
                List.of());
        UpstreamProperties settings =
                new UpstreamProperties(null, "http://proxy:3128", "", List.of("inside.example.org"), List.of(), 5);
        assertThat(settings.isBehindProxy(URI.create(url), () -> catalog)).isEqualTo(behind);
    }
}
