package io.omniroute.app.check;

import java.security.KeyStore;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.NestedExceptionUtils;

/** Reads what a bundle of certificates names, which a server would fail by when everything else is right. */
final class CertificateCheck {

    private static final String BUNDLE = "spring.ssl.bundle.";

    private CertificateCheck() {}

    /**
     * What is wrong with a bundle; empty if its files can be read.
     *
     * @param serves whether it must have a certificate of its own
     */
    static Optional<String> problem(Binder binder, String bundle, boolean serves) {
        try {
            SslBundle read = read(binder, bundle);
            @Nullable KeyStore own = read.getStores().getKeyStore();
            read.getStores().getTrustStore();
            read.getManagers().getKeyManagers();
            return serves && own == null
                    ? Optional.of("the bundle \"" + bundle + "\" has no certificate and key of its own")
                    : Optional.empty();
        } catch (RuntimeException unreadable) {
            String why = String.valueOf(
                    NestedExceptionUtils.getMostSpecificCause(unreadable).getMessage());
            return Optional.of("the bundle \"" + bundle + "\" cannot be read: "
                    + why.lines().findFirst().orElse(""));
        }
    }

    private static SslBundle read(Binder binder, String bundle) {
        PemSslBundleProperties pem = binder.bind(
                        BUNDLE + "pem", Bindable.mapOf(String.class, PemSslBundleProperties.class))
                .orElse(Map.of())
                .get(bundle);
        if (pem != null) {
            return PropertiesSslBundle.get(pem);
        }
        JksSslBundleProperties jks = binder.bind(
                        BUNDLE + "jks", Bindable.mapOf(String.class, JksSslBundleProperties.class))
                .orElse(Map.of())
                .get(bundle);
        return PropertiesSslBundle.get(Objects.requireNonNull(jks, "the bundle"));
    }
}
