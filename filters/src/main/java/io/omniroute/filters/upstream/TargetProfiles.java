package io.omniroute.filters.upstream;

import io.omniroute.config.Provider;
import io.omniroute.filters.combo.Attempt;
import io.omniroute.translators.format.TargetProfile;

/** What is configured of a provider and a model, as the formats need it. */
final class TargetProfiles {

    private TargetProfiles() {}

    static TargetProfile of(Attempt attempt) {
        Provider provider = attempt.provider();
        return TargetProfile.unknown(provider.id(), attempt.target().model());
    }
}
