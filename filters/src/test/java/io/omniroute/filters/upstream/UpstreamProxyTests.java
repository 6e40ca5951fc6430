package io.omniroute.filters.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts NO_PROXY means. */
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
}
