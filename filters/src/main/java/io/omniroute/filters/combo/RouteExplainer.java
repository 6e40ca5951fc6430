package io.omniroute.filters.combo;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.filters.auth.AuthorizeModelGatewayFilterFactory;
import io.omniroute.filters.auth.KeyCheck;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.CallShaper;
import io.omniroute.filters.call.RequestId;
import io.omniroute.redis.conversation.Tenants;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.Span;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Says what would be chosen for a call that is not sent, by the same strategies and from the same knowledge. Takes no turn. */
public final class RouteExplainer {

    private final CatalogSource catalog;
    private final TargetChooser chooser;
    private final RoutingStore decisions;
    private final InstantSource clock;
    private final CallShaper shaper;

    /**
     * @param decisions the records of calls that were sent
     * @param shaper says what a call asks for after it was shaped
     */
    public RouteExplainer(
            CatalogSource catalog,
            TargetChooser chooser,
            RoutingStore decisions,
            InstantSource clock,
            CallShaper shaper) {
        this.shaper = shaper;
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
     * @param format in which it would be asked
     * @param body what would be asked, in that format; or {@code null} where that is not known
     */
    public record Question(
            String model,
            String session,
            @Nullable String mode,
            @Nullable ApiKey key,
            String operation,
            Set<String> tags,
            ApiFormat format,
            byte @Nullable [] body) {

        /** What the call has in common with others of its conversation, as a call that is sent has it. */
        String affinity() {
            return session.isEmpty() && body != null ? Session.beginning(body) : session;
        }

        Question asking(String name) {
            return name.equals(model) ? this : new Question(name, session, mode, key, operation, tags, format, body);
        }

        Question with(byte[] other) {
            return new Question(model, session, mode, key, operation, tags, format, other);
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
     * @return fails with an {@link io.omniroute.translators.error.ApiException} if the name means nothing to whoever would ask
     */
    public Mono<Map<String, Object>> explain(Question whole) {
        return Mono.defer(() -> {
            Catalog current = catalog.current();
            Question asked = allowed(whole);
            Question question = shaped(current, asked);
            Combo combo = chooser.inMode(combo(current, question), question.mode());
            Mono<Optional<Stickiness.Held>> session =
                    chooser.stickiness().of(current, combo, team(question), question.session());
            return Mono.zip(chooser.turns().coming(combo, current), session).map(known -> {
                Map<String, Object> explained = new LinkedHashMap<>();
                explained.put("asked", asked.model());
                if (!question.model().equals(asked.model())) {
                    explained.put("shaped", question.model());
                }
                Choice choice = choose(current, combo, question, known.getT1(), known.getT2());
                explained.putAll(choice.shown());
                List<String> together = together(current, combo, question, known.getT1());
                if (!together.isEmpty()) {
                    explained.put("together", together);
                }
                refusal(current, combo, question, choice).ifPresent(refusal -> {
                    Map<String, Object> refused = new LinkedHashMap<>();
                    refused.put("status", refusal.kind().status());
                    if (refusal.code() != null) {
                        refused.put("code", refusal.code());
                    }
                    refused.put("message", refusal.message());
                    explained.put("refused", refused);
                });
                return explained;
            });
        });
    }

    /** What is asked for by whoever asks for this, as far as the request says it; headers of the client have no say here. */
    private Question shaped(Catalog current, Question question) {
        byte[] body = question.body() == null ? "{}".getBytes(StandardCharsets.US_ASCII) : question.body();
        RequestHead head = new RequestHead(question.model(), new Span(0, 0), false, false, 1, List.of());
        Endpoint endpoint = endpoint(question);
        Call call = new Call(
                new RequestId("", ""),
                endpoint,
                Objects.requireNonNull(endpoint.format().codecs().get(Operation.CHAT), "conversations"),
                body,
                head,
                question.model(),
                current,
                0);
        return question.asking(shaper.shaped(call, HttpHeaders.EMPTY).asked());
    }

    /** Tools that the provider runs are taken out of the calls of keys that may not have them. */
    private static Question allowed(Question question) {
        ApiKey key = question.key();
        byte[] body = question.body();
        if (key == null || body == null || question.asks() != Operation.CHAT || key.has(ApiKey.HOSTED_TOOLS)) {
            return question;
        }
        return question.with(Objects.requireNonNull(question.format().codecs().get(Operation.CHAT))
                .withoutHostedTools(body));
    }

    /** Whose session it is: that of the key that is asked about. */
    private static String team(Question question) {
        ApiKey key = question.key();
        return key == null ? "" : Tenants.of(key);
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
        return decisions.decision(requestId);
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
        Fitness fitness = together(strategy, chooser.fitness(combo, current, question.body(), combo::targets));
        List<Target> all =
                chooser.order().selection(combo, basis, fitness::takes).targets();
        List<Target> fit = all.stream().filter(fitness::takes).toList();
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

    /** What the call would be told instead of an answer. */
    private Optional<ApiError> refusal(Catalog current, Combo combo, Question question, Choice choice) {
        return ofKey(question).map(ApiException::error).or(() -> ofTargets(current, combo, question, choice));
    }

    private Optional<ApiException> ofKey(Question question) {
        ApiKey key = question.key();
        return key == null
                ? Optional.empty()
                : KeyCheck.refusal(key, clock.instant())
                        .or(() -> AuthorizeModelGatewayFilterFactory.refusal(
                                key, question.asks().kind().id()));
    }

    private Optional<ApiError> ofTargets(Catalog current, Combo combo, Question question, Choice choice) {
        Fitness fitness = chooser.fitness(combo, current, question.body(), () -> Attempt.targets(choice.attempts()));
        if (choice.attempts().isEmpty() && question.asks() == Operation.COUNT_TOKENS) {
            return Optional.empty(); // is estimated
        }
        if (choice.attempts().isEmpty()) {
            boolean untagged =
                    choice.missing().get().stream().anyMatch(one -> one.reason().equals(Missing.UNTAGGED));
            return Optional.of((untagged
                            ? new Tags(question.tags()).refusal()
                            : AttemptPlan.nothingToTry(
                                    current, endpoint(question), combo.targets(), combo, question.model()))
                    .error());
        }
        boolean none = choice.attempts().stream()
                .noneMatch(attempt -> fitness.reason(attempt.target()).isEmpty());
        return none || lacksOne(current, combo, question)
                ? Optional.of(fitness.refusal(question.model()).error())
                : Optional.empty();
    }

    /** Whether one of several is not fit who must all have their part in the answer. */
    private boolean lacksOne(Catalog current, Combo combo, Question question) {
        if (!(chooser.strategy(combo) instanceof ComposingStrategy strategy)
                || !strategy.needsAll()
                || question.asks() != Operation.CHAT
                || combo.members().size() < 2
                || chooser.needsTools(question.body())) {
            return false;
        }
        Fitness fitness = together(strategy, chooser.fitness(combo, current, question.body(), combo::targets));
        TargetOrder.Basis basis = basis(current, question, Map.of());
        return !chooser.order().selection(combo, basis, fitness::takes).targets().stream()
                .allMatch(fitness::takes);
    }

    /** Who cannot be spared is told to follow a schema where it does not by itself. */
    private static Fitness together(ComposingStrategy strategy, Fitness known) {
        return strategy.needsAll() ? known.translated() : known;
    }

    private TargetOrder.Basis basis(Catalog current, Question question, Map<String, Long> turns) {
        return chooser.basis(current, question::affinity, question.body(), turns);
    }

    private static Endpoint endpoint(Question question) {
        return new Endpoint(question.format(), question.asks(), null, null);
    }

    private Choice choose(
            Catalog current,
            Combo combo,
            Question question,
            Map<String, Long> turns,
            Optional<Stickiness.Held> session) {
        Endpoint endpoint = endpoint(question);
        TargetOrder.Basis basis = basis(current, question, turns);
        List<Target> targets = chooser.order().of(combo, basis);
        List<Attempt> all = chooser.plan()
                .possible(
                        current,
                        endpoint,
                        false,
                        targets,
                        accounts -> chooser.order().accounts(combo, accounts, basis));
        List<Attempt> ordered = new Tags(question.tags()).filter(all);
        List<Attempt> attempts = session.map(held -> chooser.stickiness().first(combo, ordered, held))
                .orElse(ordered);
        return chooser.describe(
                combo,
                basis,
                attempts,
                chooser.fitness(combo, current, question.body(), () -> Attempt.targets(attempts)),
                () -> Stream.concat(
                                all.stream()
                                        .filter(attempt -> !ordered.contains(attempt))
                                        .map(attempt -> Missing.of(attempt, Missing.UNTAGGED)),
                                chooser.plan().missing(current, endpoint, targets).stream())
                        .toList());
    }
}
