package io.omniroute.app.cli;

import io.lettuce.core.RedisConnectionException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.springframework.core.NestedExceptionUtils;

/** Why no TLS connection was made, with what was tried: the innermost words alone are such as "NotAfter: Sun Feb 01". */
final class CertificateFailures {

    private CertificateFailures() {}

    /** Empty if the failure is none of TLS. */
    static Optional<String> inWords(Throwable failure) {
        String tried = "";
        boolean tls = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            tls |= cause instanceof SSLException || cause instanceof CertificateException;
            if (cause instanceof RedisConnectionException connecting) {
                tried = connecting.getMessage() + ": ";
            }
        }
        return tls ? Optional.of(tried + wrong(NestedExceptionUtils.getMostSpecificCause(failure))) : Optional.empty();
    }

    private static String wrong(Throwable innermost) {
        String what = switch (innermost) {
            case CertificateExpiredException expired -> "the server's certificate has expired";
            case CertificateNotYetValidException early -> "the server's certificate is not valid yet";
            case CertPathBuilderException stranger ->
                "the server's certificate is signed by nobody who is trusted (expected the signer's in the"
                        + " truststore of omniroute.redis.ssl-bundle)";
            case CertPathValidatorException broken -> "the server's certificate is not trusted";
            case CertificateException other -> "the server's certificate does not fit";
            default -> "no TLS connection";
        };
        return what + " (" + innermost.getMessage() + ")";
    }
}
