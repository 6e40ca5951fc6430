package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.TestCertificate;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;

/** TLS on both sides: the gateway's own by an SSL bundle, providers' by a bundle of certificate authorities. */
@ExtendWith(SandboxExtension.class)
class TlsTests {

    private static final TestCertificate CERTIFICATE = TestCertificate.get();
    private static final String ANSWER = "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"over TLS\"},\"finish_reason\":\"stop\"}]}";

    @Test
    void trustsAProviderOnlyByTheBundle(Sandbox sandbox) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(CERTIFICATE.keyStore(), TestCertificate.PASSWORD.toCharArray());
        DisposableServer provider = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(tls -> tls.sslContext(Http11SslContextSpec.forServer(keys)))
                .handle((request, response) -> request.receive()
                        .then(response.header("Content-Type", "application/json")
                                .sendString(Mono.just(ANSWER))
                                .then()))
                .bindNow();
        String url = "omniroute.providers.a.base-url=https://localhost:" + provider.port() + "/v1\n";
        try (Gateway trusting = Gateway.start(sandbox, url + "omniroute.upstream.ca-bundle=" + CERTIFICATE.pem())) {
            assertThat(trusting.chat(trusting.key(), "a/chat", false).body()).isEqualTo(ANSWER);
        }
        try (Gateway strict = Gateway.start(sandbox, url)) {
            HttpResponse<String> refused = strict.chat(strict.key(), "a/chat", false);
            assertThat(refused.statusCode()).isEqualTo(502);
            assertThat(refused.body()).contains("no trusted TLS connection");
        } finally {
            provider.disposeNow();
        }
    }

    @Test
    void servesOverTlsByABundle(Sandbox sandbox) throws Exception {
        try (Gateway gateway = Gateway.start(sandbox, """
                spring.ssl.bundle.jks.server.keystore.location=%s
                spring.ssl.bundle.jks.server.keystore.password=%s
                spring.ssl.bundle.jks.server.keystore.type=PKCS12
                server.ssl.bundle=server
                """.formatted(CERTIFICATE.file(), TestCertificate.PASSWORD))) {
            String key = gateway.key();
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(CERTIFICATE.trustStore());
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
                URI models = URI.create(gateway.base().replace("http:", "https:") + "/v1/models");
                HttpRequest request = HttpRequest.newBuilder(models)
                        .header("Authorization", "Bearer " + key)
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }
}
