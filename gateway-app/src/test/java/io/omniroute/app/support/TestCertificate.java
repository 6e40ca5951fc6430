package io.omniroute.app.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate of its own authority for {@code localhost} and 127.0.0.1, made anew for each run, in the forms that servers ask for. */
public final class TestCertificate {

    /** The password of the key store. */
    public static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";
    private static final TestCertificate SHARED = new TestCertificate(TestRedis.temporaryFolder("tls"));

    private final Path folder;

    private TestCertificate(Path folder) {
        this.folder = folder;
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1");
        keytool("-exportcert", "-rfc", "-file", pem().toString());
        try {
            byte[] key = keyStore().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
            String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(key);
            Files.writeString(keyPem(), "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The one of this run. */
    public static TestCertificate get() {
        return SHARED;
    }

    /** The key store, PKCS12. */
    public Path file() {
        return folder.resolve("server.p12");
    }

    /** The certificate, which is its own authority. */
    public Path pem() {
        return folder.resolve("ca.pem");
    }

    /** The private key. */
    public Path keyPem() {
        return folder.resolve("key.pem");
    }

    /** The key store, opened. */
    public KeyStore keyStore() {
        try (InputStream in = Files.newInputStream(file())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** A store that trusts the certificate and nothing else. */
    public KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(ALIAS, keyStore().getCertificate(ALIAS));
            return store;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", ALIAS, "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", file().toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
