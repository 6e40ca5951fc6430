package io.omniroute.app.local;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says that the embedded Redis cannot be used. */
final class UnusableRedisAnalyzer extends AbstractFailureAnalyzer<UnusableRedis> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableRedis cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
