package io.omniroute.app.local;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says that the folder for the gateway's data cannot be used. */
final class UnusableFolderAnalyzer extends AbstractFailureAnalyzer<UnusableFolder> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableFolder cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Let DATA_DIR name a folder that this user may write to.", cause);
    }
}
