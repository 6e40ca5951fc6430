package io.omniroute.filters.observe;

import io.omniroute.filters.call.AttemptReport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Tells the health what attempts saw, where there is one; looked up before the first call, on no event loop. */
final class NotesOfAttempts implements Consumer<AttemptReport>, SmartInitializingSingleton {

    private final ObjectProvider<ProviderStates> states;
    private volatile @Nullable ProviderStates known;

    NotesOfAttempts(ObjectProvider<ProviderStates> states) {
        this.states = states;
    }

    @Override
    public void afterSingletonsInstantiated() {
        known = states.getIfAvailable();
    }

    @Override
    public void accept(AttemptReport attempt) {
        ProviderStates health = known;
        if (health != null) {
            health.note(attempt);
        }
    }
}
