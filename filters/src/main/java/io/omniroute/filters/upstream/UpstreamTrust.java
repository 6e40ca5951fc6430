package io.omniroute.filters.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;

/** Makes the HTTP client trust the certificate authorities of a PEM file beside the JDK's own. */
final class UpstreamTrust {

    private UpstreamTrust() {}

    static HttpClient with(HttpClient client, Path caBundle) {
        TrustManagerFactory trust = trust(caBundle);
        return client.secure(tls ->
                tls.sslContext(Http11SslContextSpec.forClient().configure(context -> context.trustManager(trust))));
    }

    /** Why a file cannot be used, with the setting's name; empty if it can. */
    static Optional<String> problem(Path caBundle) {
        try {
            trust(caBundle);
            return Optional.empty();
        } catch (IllegalStateException | UncheckedIOException unusable) {
            return Optional.ofNullable(unusable.getMessage());
        }
    }

    private static TrustManagerFactory trust(Path caBundle) {
        try (InputStream pem = Files.newInputStream(caBundle)) {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (X509Certificate known : ofTheJdk()) {
                all.setCertificateEntry("jdk-" + number++, known);
            }
            Collection<? extends Certificate> added =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (added.isEmpty()) {
                throw new IllegalStateException("omniroute.upstream.ca-bundle: " + caBundle + " has no certificate");
            }
            for (Certificate certificate : added) {
                all.setCertificateEntry("added-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(all);
            return factory;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("omniroute.upstream.ca-bundle: " + caBundle + " cannot be read", unreadable);
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException("omniroute.upstream.ca-bundle: " + caBundle + " is not PEM", unusable);
        }
    }

    private static X509Certificate[] ofTheJdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }
}
