package io.omniroute.filters.combo;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Says what would be chosen for a call that is not sent, by the same strategies and from the same knowledge. Takes no turn. */
public final class RouteExplainer {

    private final CatalogSource catalog;
    private final TargetChooser chooser;
    private final RoutingStore decisions;
    private final Duration kept;
    private final InstantSource clock;

    /**
     * @param decisions the records of calls that were sent
     * @param kept for how long they are kept
     */
    public RouteExplainer(
            CatalogSource catalog, TargetChooser chooser, RoutingStore decisions, Duration kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
        this.decisions = decisions;
        this.catalog = catalog;
        this.chooser = chooser;
    }

    /**
     * A call that is not sent.
     *
     * @param model the model, alias or combo
     * @param session what the client calls the conversation, for strategies that keep one together; may be empty
     * @param mode how the client wants targets to be scored, or {@code null}
     * @param key whose call it would be, where its key may call only a part; or {@code null}
     * @param operation what would be asked for, such as {@code chat}
     * @param tags what would be asked of the accounts
     * @param body what would be asked, in any format; or {@code null} where that is not known
     */
    public record Question(
            String model,
            String session,
            @Nullable String mode,
            @Nullable ApiKey key,
            String operation,
            Set<String> tags,
            byte @Nullable [] body) {

        /** What the call has in common with others of its conversation, as a call that is sent has it. */
        String affinity() {
            return session.isEmpty() && body != null ? Session.beginning(body) : session;
        }

        Operation asks() {
            return Operation.ofId(operation)
                    .filter(known -> known != Operation.MODELS)
                    .orElseThrow(() -> ApiError.invalid(
                                    "operation",
                                    "there is no operation \"" + operation + "\" (expected one of: "
                                            + String.join(", ", Operation.kinds()) + ")")
                            .exception());
        }
    }

    /**
     * What a call would be sent to.
     *
     * @return fails with an {@link io.omniroute.translators.error.ApiException} if the name means nothing, or nothing can be tried
     */
    public Mono<Map<String, Object>> explain(Question question) {
        return Mono.defer(() -> {
            Catalog current = catalog.current();
            Combo combo = chooser.inMode(combo(current, question), question.mode());
            Mono<Optional<Stickiness.Held>> session =
                    chooser.stickiness().of(current, combo, team(question), question.session());
            return Mono.zip(chooser.turns().coming(combo, current), session).map(known -> {
                Map<String, Object> explained = new LinkedHashMap<>();
                explained.put("asked", question.model());
                explained.putAll(choose(current, combo, question, known.getT1(), known.getT2())
                        .shown());
                List<String> together = together(current, combo, question, known.getT1());
                if (!together.isEmpty()) {
                    explained.put("together", together);
                }
                return explained;
            });
        });
    }

    /** Whose session it is: that of the key that is asked about. */
    private static String team(Question question) {
        ApiKey key = question.key();
        return key == null ? "" : key.organisation() + "/" + key.team();
    }

    private static Combo combo(Catalog current, Question question) {
        String asked = question.model();
        return switch (current.resolve(asked)) {
            case Resolution.Found found when question.key() == null -> found.combo();
            case Resolution.Found found ->
                current.callable(question.key(), found)
                        .orElseThrow(() -> ApiError.of(
                                        ErrorKind.PERMISSION_DENIED,
                                        "the API key may not call the model \"" + asked + "\"")
                                .exception())
                        .combo();
            case Resolution.Ambiguous several ->
                throw ApiError.invalid(
                                "model", "\"" + asked + "\" could be any of " + String.join(", ", several.candidates()))
                        .exception();
            case Resolution.Unknown unknown ->
                throw ApiError.of(ErrorKind.NOT_FOUND, "there is no model, alias or combo \"" + asked + "\"")
                        .exception();
        };
    }

    /** The record of a call that was sent, as JSON; empty if none is kept. */
    public Mono<String> decision(String requestId) {
        return decisions.decision(requestId, clock.millis() / 60_000, kept);
    }

    /** Who works on the answer together, in the order in which they are asked; none where one answers alone. */
    private List<String> together(Catalog current, Combo combo, Question question, Map<String, Long> turns) {
        if (!(chooser.strategy(combo) instanceof ComposingStrategy strategy)
                || !(strategy.needsAll() || strategy.canSpare())
                || question.asks() != Operation.CHAT
                || combo.members().size() < 2
                || chooser.needsTools(question.body())) {
            return List.of();
        }
        TargetOrder.Basis basis = chooser.basis(current, question::affinity, question.body(), turns);
        Fitness fitness = chooser.fitness(combo, current, question.model(), question.body());
        List<Target> all = chooser.order().selection(combo, basis).targets();
        List<Target> fit =
                all.stream().filter(target -> fitness.reason(target).isEmpty()).toList();
        if (strategy.needsAll() && fit.size() < all.size()) {
            return List.of();
        }
        List<Target> working =
                fit.stream().filter(target -> basis.known().health(target) > 0).toList();
        List<Target> asked = strategy.canSpare() && !working.isEmpty() ? working : fit;
        if (asked.size() < 2) {
            return List.of();
        }
        return asked.stream()
                .limit(strategy.canSpare() ? combo.panel().most() : Integer.MAX_VALUE)
                .map(Target::counted)
                .toList();
    }

    private Choice choose(
            Catalog current,
            Combo combo,
            Question question,
            Map<String, Long> turns,
            Optional<Stickiness.Held> session) {
        Endpoint endpoint = new Endpoint(ApiFormats.nearest(), question.asks(), null, null);
        TargetOrder.Basis basis = chooser.basis(current, question::affinity, question.body(), turns);
        List<Attempt> all = chooser.plan()
                .of(
                        current,
                        endpoint,
                        false,
                        question.model(),
                        combo,
                        chooser.order().of(combo, basis),
                        accounts -> chooser.order().accounts(combo, accounts, basis));
        List<Attempt> ordered = new Tags(question.tags()).filter(all);
        List<Attempt> attempts = session.map(held -> chooser.stickiness().first(combo, ordered, held))
                .orElse(ordered);
        return chooser.describe(
                combo, basis, attempts, chooser.fitness(combo, current, question.model(), question.body()));
    }
}
