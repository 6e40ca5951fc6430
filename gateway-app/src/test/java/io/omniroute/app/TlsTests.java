package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.TestRedis;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;

/** TLS on both sides: the gateway's own by an SSL bundle, providers' by a bundle of certificate authorities. */
@ExtendWith(SandboxExtension.class)
class TlsTests {

    private static final String PASSWORD = "changeit";
    private static final String ANSWER = "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"over TLS\"},\"finish_reason\":\"stop\"}]}";

    private static Path folder;

    @BeforeAll
    static void makeCertificate() throws Exception {
        folder = TestRedis.temporaryFolder("tls");
        keytool(
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                "s.p12",
                "-storepass",
                PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", "s", "-keystore", "s.p12", "-storepass", PASSWORD, "-file", "ca.pem");
    }

    @Test
    void trustsAProviderOnlyByTheBundle(Sandbox sandbox) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore(), PASSWORD.toCharArray());
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
        try (Gateway trusting =
                Gateway.start(sandbox, url + "omniroute.upstream.ca-bundle=" + folder.resolve("ca.pem"))) {
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
                """.formatted(folder.resolve("s.p12"), PASSWORD))) {
            String key = gateway.key();
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore());
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

    private static KeyStore keyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("s.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static KeyStore trustStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("s", keyStore().getCertificate("s"));
        return store;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }
}
