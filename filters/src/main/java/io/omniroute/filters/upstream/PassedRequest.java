package io.omniroute.filters.upstream;

import io.omniroute.config.Facts;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.format.CallIds;
import io.omniroute.translators.format.HistoryThoughts;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OutputLimitName;
import io.omniroute.translators.format.TargetProfile.Echo;
import io.omniroute.translators.format.UnaskedThinking;
import io.omniroute.translators.json.EditedBody;
import io.omniroute.translators.json.JsonLimits;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request whose provider speaks the client's format: the client's own bytes, but for the few things that this provider is
 * known to refuse.
 */
final class PassedRequest {

    private static final String CHAT = "openai-chat";
    private static final String STREAM_OPTIONS = "stream_options";
    private static final String ASKED_THINKING = "asked_thinking";
    private static final String NONE = "none";

    private final KnownFacts known;
    private final TargetProfiles profiles;
    private final JsonLimits json;

    PassedRequest(KnownFacts known, TargetProfiles profiles, JsonLimits json) {
        this.known = known;
        this.profiles = profiles;
        this.json = json;
    }

    /**
     * The body for the provider.
     *
     * @param losses takes what the provider is not told
     */
    EditedBody of(Call call, Attempt attempt, Losses losses) {
        boolean askUsage = call.stream() && !profiles.isRefused(STREAM_OPTIONS, attempt);
        EditedBody written = EditedBody.of(
                call.body(), attempt.codec().edits(call.head(), attempt.target().model(), askUsage));
        Operation operation = call.endpoint().operation();
        if (operation == Operation.CHAT) {
            written = withLimit(withThoughts(written, attempt), attempt);
        }
        if (operation == Operation.CHAT || operation == Operation.COUNT_TOKENS) {
            written = unasked(written, attempt, losses);
        }
        IdRule ids = profiles.idsOf(attempt);
        return ids.equals(IdRule.COMMON) ? written : EditedBody.of(CallIds.accepted(written.bytes(), ids, json));
    }

    /** A body without a word of how much the model is to think, where it is known to take none. */
    EditedBody unasked(EditedBody body, Attempt attempt, Losses losses) {
        Set<String> fields = attempt.format().chat().thinkingFields();
        return !fields.isEmpty() && refusesToThink(attempt)
                ? EditedBody.of(UnaskedThinking.of(body.bytes(), fields, json, losses))
                : body;
    }

    /** What is configured of a model goes before what is known of it; a provider with a way to turn thoughts on and off takes that. */
    private boolean refusesToThink(Attempt attempt) {
        Facts facts = known.of(attempt.provider(), attempt.target().model());
        if (facts.takes().contains("reasoning")
                || !or(facts.thinkingSwitch(), NONE).equals(NONE)) {
            return false;
        }
        String configured = TargetProfiles.configured(attempt).thinking();
        return configured == null ? profiles.isRefused(ASKED_THINKING, attempt) : configured.equals(NONE);
    }

    /** The body with the thoughts of its history as the provider takes them. */
    private EditedBody withThoughts(EditedBody body, Attempt attempt) {
        if (!attempt.format().id().equals(CHAT)) {
            return body;
        }
        Facts configured = TargetProfiles.configured(attempt);
        Facts shipped = profiles.shipped(attempt);
        String echo = configured.reasoningEcho() == null ? shipped.reasoningEcho() : configured.reasoningEcho();
        if (echo == null) {
            return body;
        }
        String field = configured.reasoningField() == null ? shipped.reasoningField() : configured.reasoningField();
        return EditedBody.of(HistoryThoughts.fitting(
                body.bytes(), Echo.valueOf(echo.toUpperCase(Locale.ROOT)), or(field, ""), json));
    }

    /** The body with the limit of its answer under the name that the provider takes. */
    private EditedBody withLimit(EditedBody body, Attempt attempt) {
        if (!attempt.format().id().equals(CHAT)) {
            return body;
        }
        // what is known of the host chooses a name where one is written, but many of its models take both
        String configured = TargetProfiles.configured(attempt).tokensField();
        String name =
                configured == null ? known.ofModel(attempt.target().model()).tokensField() : configured;
        return name == null ? body : EditedBody.of(OutputLimitName.fitting(body.bytes(), name, json));
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
