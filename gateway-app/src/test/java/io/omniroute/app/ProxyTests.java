package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.ConnectProxy;
import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Providers behind the organisation's own proxy: which of them go through it, and with whose credentials. */
@ExtendWith(SandboxExtension.class)
class ProxyTests {

    @Test
    void leadsToProvidersWhoseNamesOnlyTheProxyKnows(Sandbox sandbox) {
        URI behind = URI.create(sandbox.baseUrl());
        try (ConnectProxy proxy = ConnectProxy.to(behind.getPort());
                Gateway gateway = Gateway.start(sandbox, """
                        omniroute.upstream.http-proxy=%s
                        omniroute.providers.a.base-url=http://vendor.example%s
                        """.formatted(proxy.url(), behind.getPath()))) {
            String key = gateway.key();

            HttpResponse<String> whole = gateway.chat(key, "a/chat", false);
            HttpResponse<String> stream = gateway.chat(key, "a/chat", true);

            assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
            assertThat(stream.body()).endsWith("data: [DONE]\n\n");
            assertThat(proxy.asked()).isNotEmpty().allMatch("CONNECT vendor.example:80 HTTP/1.1"::equals);
        }
    }

    /** Each scheme has its own proxy where both are set. */
    @Test
    void goesThroughTheProxyOfItsScheme(Sandbox sandbox) {
        int port = URI.create(sandbox.baseUrl()).getPort();
        try (ConnectProxy plain = ConnectProxy.to(port);
                ConnectProxy secure = ConnectProxy.to(port);
                Gateway gateway = Gateway.start(sandbox, """
                        omniroute.upstream.http-proxy=%s
                        omniroute.upstream.https-proxy=%s
                        omniroute.providers.a.base-url=http://vendor.example/v1
                        omniroute.providers.b.base-url=https://secure.example/v1
                        """.formatted(plain.url(), secure.url()))) {
            String key = gateway.key();
            gateway.chat(key, "a/chat", false);
            assertThat(plain.asked()).isNotEmpty().allMatch("CONNECT vendor.example:80 HTTP/1.1"::equals);
            assertThat(secure.asked()).isEmpty();
            // the sandbox speaks no TLS, so the call fails behind the proxy
            assertThat(gateway.chat(key, "b/chat", false).statusCode()).isEqualTo(502);
            assertThat(secure.asked()).isNotEmpty().allMatch("CONNECT secure.example:443 HTTP/1.1"::equals);
        }
    }

    @Test
    void isNotAskedForLoopback(Sandbox sandbox) {
        try (ConnectProxy proxy = ConnectProxy.to(URI.create(sandbox.baseUrl()).getPort());
                Gateway gateway = Gateway.start(sandbox, "omniroute.upstream.http-proxy=" + proxy.url())) {
            assertThat(gateway.chat(gateway.key(), "a/chat", false).statusCode())
                    .isEqualTo(200);
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void saysThatTheProxyRefusesTheCredentials(Sandbox sandbox) {
        try (ConnectProxy proxy = ConnectProxy.to(URI.create(sandbox.baseUrl()).getPort());
                Gateway gateway = Gateway.start(
                        sandbox, """
                        omniroute.upstream.http-proxy=%s
                        omniroute.providers.a.base-url=http://vendor.example/v1
                        """.formatted(proxy.url().replace("user:p%40ss", "user:wrong-CANARY")))) {
            HttpResponse<String> refused = gateway.chat(gateway.key(), "a/chat", false);

            assertThat(refused.statusCode()).isEqualTo(502);
            assertThat(refused.body()).contains("proxy").doesNotContain("CANARY");
            assertThat(proxy.asked()).isNotEmpty().allMatch(line -> line.endsWith("refused"));
        }
    }
}
