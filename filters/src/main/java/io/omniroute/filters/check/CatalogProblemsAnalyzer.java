package io.omniroute.filters.check;

import io.omniroute.config.CatalogProblems;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the configuration instead of showing a stack. */
final class CatalogProblemsAnalyzer extends AbstractFailureAnalyzer<CatalogProblems> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CatalogProblems cause) {
        return new FailureAnalysis(
                "The gateway does not start: " + cause.getMessage(),
                "Correct all of them; docs/configuration.md describes every setting.",
                cause);
    }
}
