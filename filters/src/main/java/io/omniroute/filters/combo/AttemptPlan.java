package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Deadlines;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of a combo's targets can be tried for a call, and how: with which format and which connection. */
final class AttemptPlan {

    private final Catalog catalog;
    private final Endpoint endpoint;
    private final Operation operation;
    private final AccountOrder accounts;
    private boolean lacksConnection;

    private AttemptPlan(Catalog catalog, Endpoint endpoint, AccountOrder accounts) {
        this.accounts = accounts;
        this.catalog = catalog;
        this.endpoint = endpoint;
        this.operation = endpoint.operation();
    }

    /**
     * The attempts to make, in order, at least one.
     *
     * @param asked the name that was asked for
     * @param accounts in which order the accounts of providers are tried
     * @throws ApiException if no target can be tried
     */
    static List<Attempt> of(
            Catalog catalog,
            Endpoint endpoint,
            String asked,
            Combo combo,
            List<Target> targets,
            AccountOrder accounts) {
        List<Attempt> attempts = possible(catalog, endpoint, targets, accounts);
        if (attempts.isEmpty()) {
            AttemptPlan plan = new AttemptPlan(catalog, endpoint, accounts);
            targets.forEach(target -> plan.attempts(target));
            throw plan.nothingToTry(combo, asked);
        }
        return attempts;
    }

    /** The attempts that can be made, in order; none if no target can be tried. */
    static List<Attempt> possible(Catalog catalog, Endpoint endpoint, List<Target> targets, AccountOrder accounts) {
        AttemptPlan plan = new AttemptPlan(catalog, endpoint, accounts);
        List<Attempt> attempts = new ArrayList<>(targets.size());
        targets.forEach(target -> attempts.addAll(plan.attempts(target)));
        return attempts;
    }

    /** The attempts at a target, one for each account that may be used. */
    private List<Attempt> attempts(Target target) {
        Provider provider = catalog.providers().get(target.provider());
        if (provider == null
                || !provider.offers(target.model(), operation.kind().id())) {
            return List.of();
        }
        Optional<ApiFormat> format = format(provider);
        boolean none = provider.enabled(target.connection()).isEmpty();
        lacksConnection |= format.isPresent() && none;
        @Nullable
        OperationCodec codec = format.isEmpty() ? null : format.get().codecs().get(operation);
        if (format.isEmpty() || codec == null || none) {
            return List.of();
        }
        Deadlines deadlines = provider.deadlines().with(target.deadlines());
        return accounts.of(provider, target).stream()
                .map(account -> new Attempt(target, provider, account, format.get(), codec, deadlines))
                .toList();
    }

    /** The client's own format, if the provider speaks it; for conversations any that it speaks. */
    private Optional<ApiFormat> format(Provider provider) {
        String wanted = endpoint.format().id();
        if (provider.formats().contains(wanted)) {
            return ApiFormats.ofId(wanted);
        }
        return operation == Operation.CHAT
                ? provider.formats().stream()
                        .flatMap(id -> ApiFormats.ofId(id).stream())
                        .findFirst()
                : Optional.empty();
    }

    private ApiException nothingToTry(Combo combo, String asked) {
        if (lacksConnection) {
            return ApiError.upstream(
                            ErrorKind.OVERLOADED,
                            ErrorScope.REQUEST,
                            "every connection of \"" + combo.name() + "\" is disabled")
                    .withCode("ALL_ACCOUNTS_INACTIVE")
                    .exception();
        }
        return ApiError.invalid("model", "\"" + asked + "\" cannot be asked for " + operation.id())
                .withCode("capability_mismatch")
                .exception();
    }
}
