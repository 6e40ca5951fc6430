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
        "api.example.com,'',false"
    })
    void exceptsHosts(String host, String exception, boolean direct) {
        assertThat(UpstreamProxy.isExcepted(host, List.of("unrelated", exception)))
                .isEqualTo(direct);
    }
}
