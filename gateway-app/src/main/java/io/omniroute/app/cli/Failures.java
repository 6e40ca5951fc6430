package io.omniroute.app.cli;

import io.lettuce.core.RedisConnectionException;
import io.omniroute.config.CatalogProblems;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** A failure as a person wants to read it: what an analyzer says of it, or the innermost reason, without a stack. */
final class Failures {

    private static final Pattern USER = Pattern.compile("//[^/\\s]*@");

    private Failures() {}

    static String inWords(Throwable failure) {
        Throwable reason = failure;
        while (reason.getCause() != null && !(reason instanceof CatalogProblems)) {
            reason = reason.getCause();
        }
        String message = CertificateFailures.inWords(failure).orElse(ofRedis(failure) + message(reason));
        return reason instanceof CatalogProblems ? message : analysed(failure).orElse(message);
    }

    /** Which server does not answer, of which the innermost reason says nothing; an address may have a password in it. */
    private static String ofRedis(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof RedisConnectionException && one.getCause() != null) {
                return "Redis does not answer: " + USER.matcher(message(one)).replaceAll("//") + ": ";
            }
        }
        return "";
    }

    private static String message(Throwable reason) {
        return Objects.requireNonNullElse(reason.getMessage(), reason.getClass().getSimpleName());
    }

    /** The reader's own words may show what is written in a file, such as a secret; an analyzer's do not. */
    private static Optional<String> analysed(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                // those that ask for parts of a context are for the gateway's own start
                .load(FailureAnalyzer.class, (type, name, notMade) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .map(FailureAnalysis::getDescription)
                .findFirst();
    }
}
