package io.omniroute.filters.call;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;

/** Headers of the gateway's own in its answers. Pages of other origins may read them all. */
public enum AnswerHeader {
    /** The gateway's own id of the call, under which it stands in logs and records. */
    REQUEST_ID("X-OmniRoute-Request-Id"),
    /** The provider's id of the call. */
    UPSTREAM_REQUEST_ID("X-OmniRoute-Upstream-Request-Id"),
    /** What has answered, as {@code provider/model}. */
    MODEL("X-OmniRoute-Model"),
    /** Whose model has answered. */
    PROVIDER("X-OmniRoute-Provider"),
    /** How the answering target was chosen. */
    DECISION("X-OmniRoute-Decision"),
    /** The answer is an estimate of the gateway's own. */
    ESTIMATED("X-OmniRoute-Estimated"),
    /** The conversation that the call was taken for a part of. */
    SESSION_ID("X-OmniRoute-Session-Id"),
    /** The model that was asked for after the call was shaped. */
    SHAPED("X-OmniRoute-Shaped"),
    /** Another provider may go on where the answer breaks off. */
    CONTINUATION("X-OmniRoute-Continuation"),
    /** What was lost between formats. */
    TRANSLATION_WARNINGS("X-OmniRoute-Translation-Warnings"),
    /** How many attempts have failed before. */
    FALLBACK_ATTEMPTS("X-OmniRoute-Fallback-Attempts"),
    /** How long the call took until the head of its answer, in milliseconds. */
    LATENCY_MS("X-OmniRoute-Latency-Ms"),
    /** The gateway's. */
    VERSION("X-OmniRoute-Version"),
    /** Where all has failed: how many targets there were to try. */
    COMBO_POOL_SIZE("x-omniroute-combo-pool-size"),
    /** Where all has failed: what was tried, in that order. */
    COMBO_ATTEMPTED("x-omniroute-combo-attempted"),
    /** Where all has failed: what was not tried, with a word for why. */
    COMBO_EXCLUDED("x-omniroute-combo-excluded"),
    /** Where all has failed: the kind of the error. */
    COMBO_TERMINAL_REASON("x-omniroute-combo-terminal-reason"),
    /** Where all has failed: that a breaker is open. */
    PROVIDER_BREAKER("x-omniroute-provider-breaker"),
    /** Where all has failed: what to do now, in a word. */
    RECOVERY_ACTION("x-omniroute-recovery-action"),
    /** Where all has failed: what to do now, in a sentence. */
    RECOVERY_NEXT_STEP("x-omniroute-recovery-next-step"),
    /** Where all has failed: when it makes sense to call again, in seconds. */
    RETRY_AFTER_SECONDS("x-omniroute-retry-after-seconds");

    private final String header;

    AnswerHeader(String header) {
        this.header = header;
    }

    /** What it is called in an answer. */
    public String header() {
        return header;
    }

    /** Writes it, over what may stand there. */
    public void set(HttpHeaders answer, String value) {
        answer.set(header, value);
    }

    /** What they are called. */
    static List<String> all() {
        return Stream.of(values()).map(AnswerHeader::header).toList();
    }
}
