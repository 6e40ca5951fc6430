package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Deadlines;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.AccountName;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Which of a combo's targets can be tried for a call, and how: with which format and which connection. What can be tried of a target
 * follows from the catalog, and is worked out once. Thread-safe.
 */
final class AttemptPlan {

    /** The code of an error because nothing is enabled, which no retry changes. */
    static final String ALL_DISABLED = "ALL_ACCOUNTS_INACTIVE";

    private record Kind(String format, Operation operation, boolean thoughts) {}

    private final KnownFacts facts;
    private final Map<Kind, Derived<Target, List<Attempt>>> known = new ConcurrentHashMap<>();

    /** @param facts what is known of models */
    AttemptPlan(KnownFacts facts) {
        this.facts = facts;
    }

    /** The attempts that can be made, in order; none if no target can be tried. */
    List<Attempt> possible(
            Catalog catalog,
            Endpoint endpoint,
            boolean thoughts,
            List<Target> targets,
            UnaryOperator<List<Attempt>> accounts) {
        Derived<Target, List<Attempt>> ofKind = known.computeIfAbsent(
                new Kind(endpoint.format().id(), endpoint.operation(), thoughts), kind -> new Derived<>());
        List<Attempt> attempts = new ArrayList<>(targets.size());
        for (Target target : targets) {
            List<Attempt> all = ofKind.of(catalog, target, () -> attempts(catalog, endpoint, thoughts, target));
            if (all.size() == 1) {
                attempts.add(all.getFirst());
            } else if (!all.isEmpty()) {
                attempts.addAll(accounts.apply(all));
            }
        }
        return attempts;
    }

    /** The attempts at a target, one for each account that may be used, the lowest priority first. */
    private List<Attempt> attempts(Catalog catalog, Endpoint endpoint, boolean thoughts, Target target) {
        Provider provider = catalog.providers().get(target.provider());
        Operation operation = endpoint.operation();
        if (provider == null
                || !provider.offers(target.model(), operation.kind().id())) {
            return List.of();
        }
        ApiFormat format = format(provider, endpoint, thoughts || thinksElsewhere(provider, target.model()))
                .orElse(null);
        OperationCodec codec = format == null ? null : format.codecs().get(operation);
        if (format == null || codec == null) {
            return List.of();
        }
        Deadlines deadlines = provider.deadlines().with(target.deadlines());
        return provider.enabled(target.connection()).stream()
                .map(account -> new Attempt(
                        target, provider, account, format, codec, deadlines, AccountName.of(target, account)))
                .toList();
    }

    /** Whether the model does not think beside functions but in the format that is made for it. */
    private boolean thinksElsewhere(Provider provider, String model) {
        return facts.of(provider, model).unsupported().contains("tools_with_effort");
    }

    /**
     * The client's own format, if the provider speaks it; for conversations any that it speaks, and counts in: the first that is listed, but
     * for thoughts one that shows them.
     */
    private static Optional<ApiFormat> format(Provider provider, Endpoint endpoint, boolean thoughts) {
        String wanted = endpoint.format().id();
        if (provider.formats().contains(wanted)) {
            return ApiFormats.ofId(wanted);
        }
        if (endpoint.operation().kind() != Operation.CHAT) {
            return Optional.empty();
        }
        List<ApiFormat> spoken = provider.formats().stream()
                .flatMap(id -> ApiFormats.ofId(id).stream())
                .filter(format -> format.codecs().containsKey(endpoint.operation()))
                .toList();
        return spoken.stream()
                .filter(format -> thoughts && format.isFirstForThoughts())
                .findFirst()
                .or(() -> spoken.stream().findFirst());
    }

    /** What of these targets has no part in a call, and why. */
    List<Missing> missing(Catalog catalog, Endpoint endpoint, List<Target> targets) {
        return targets.stream()
                .flatMap(target -> missing(catalog, endpoint, target))
                .distinct()
                .toList();
    }

    private static Stream<Missing> missing(Catalog catalog, Endpoint endpoint, Target target) {
        Provider provider = catalog.providers().get(target.provider());
        if (provider == null
                || !provider.offers(target.model(), endpoint.operation().kind().id())) {
            return Stream.of(new Missing(target.name(), "", Missing.NOT_OFFERED));
        }
        if (format(provider, endpoint, false).isEmpty()) {
            return Stream.of(new Missing(target.name(), "", Missing.NOT_SPOKEN));
        }
        String only = target.connection().orElse("");
        if (!only.isEmpty() && !provider.connections().containsKey(only)) {
            return Stream.of(new Missing(target.name(), only, Missing.UNKNOWN_ACCOUNT));
        }
        return provider.connections().values().stream()
                .filter(account -> !account.enabled())
                .filter(account -> target.connection().map(account.id()::equals).orElse(true))
                .map(account -> new Missing(target.name(), account.id(), Missing.DISABLED));
    }

    /** The refusal of a call that nothing can be tried for. */
    static ApiException nothingToTry(
            Catalog catalog, Endpoint endpoint, List<Target> targets, Combo combo, String asked) {
        boolean lacksConnection = targets.stream().anyMatch(target -> {
            Provider provider = catalog.providers().get(target.provider());
            return provider != null
                    && provider.offers(
                            target.model(), endpoint.operation().kind().id())
                    && format(provider, endpoint, false).isPresent()
                    && provider.enabled(target.connection()).isEmpty();
        });
        if (lacksConnection) {
            return ApiError.upstream(
                            ErrorKind.OVERLOADED,
                            ErrorScope.REQUEST,
                            "every connection of \"" + combo.name() + "\" is disabled")
                    .withCode(ALL_DISABLED)
                    .exception();
        }
        // who finds no such endpoint for its model makes a conversation shorter itself
        ErrorKind kind = endpoint.operation() == Operation.COMPACT ? ErrorKind.NOT_FOUND : ErrorKind.INVALID_REQUEST;
        return new ApiError(
                        kind,
                        ErrorCodes.CAPABILITY_MISMATCH,
                        "\"" + asked + "\" cannot be asked for "
                                + endpoint.operation().id(),
                        "model",
                        null,
                        ErrorScope.REQUEST)
                .exception();
    }
}
