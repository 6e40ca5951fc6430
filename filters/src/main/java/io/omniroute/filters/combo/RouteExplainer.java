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
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Says what would be chosen for a call that is not sent, by the same strategies and from the same knowledge. Takes no turn. */
public final class RouteExplainer {

    private final CatalogSource catalog;
    private final TargetChooser chooser;
    private final RoutingStore decisions;
    private final InstantSource clock;
    private final CallShaper shaper;
    private final JsonLimits json;

    /**
     * @param decisions the records of calls that were sent
     * @param shaper says what a call asks for after it was shaped
     * @param json how deep the bodies of calls may be
     */
    RouteExplainer(
            CatalogSource catalog,
            TargetChooser chooser,
            RoutingStore decisions,
            InstantSource clock,
            CallShaper shaper,
            JsonLimits json) {
        this.json = json;
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

        Question asking(String name) {
            return name.equals(model) ? this : new Question(name, session, mode, key, operation, tags, format, body);
        }

        Question with(byte[] other) {
            return new Question(model, session, mode, key, operation, tags, format, other);
        }

        Endpoint endpoint() {
            return new Endpoint(format, asks(), null, null);
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
     * What a call would be sent to, as JSON.
     *
     * @return fails with an {@link io.omniroute.translators.error.ApiException} if the name means nothing to whoever would ask
     */
    public Mono<String> explain(Question whole) {
        return Mono.defer(() -> {
            Catalog current = catalog.current();
            Question question = allowed(shaped(current, whole));
            Asked asked = new UnsentCall(current, question, head(question));
            Combo combo = chooser.inMode(combo(current, question), asked.mode());
            return chooser.beforehand(asked, combo)
                    .known(Turns.Use.SEEN)
                    .map(known -> explained(whole, question, chooser.choosing(asked, combo, known)));
        });
    }

    private String explained(Question whole, Question question, Choosing choosing) {
        StringWriter explained = new StringWriter();
        try (JsonGenerator out = JsonMapper.shared().createGenerator(explained)) {
            out.writeStartObject();
            out.writeStringProperty("asked", whole.model());
            if (!question.model().equals(whole.model())) {
                out.writeStringProperty("shaped", question.model());
            }
            write(question, choosing, out);
            out.writeEndObject();
        }
        return explained.toString();
    }

    private void write(Question question, Choosing choosing, JsonGenerator out) {
        Chosen first = choosing.chosen();
        // who composes an answer says only then who is asked last; without it, they are tried in order
        Chosen chosen = first instanceof Chosen.Together ? choosing.inOrder() : first;
        chosen.choice().write(out);
        if (first instanceof Chosen.Together together && sharesWork(together.strategy())) {
            out.writeArrayPropertyStart("together");
            names(together).forEach(out::writeString);
            out.writeEndArray();
        }
        ofKey(question).or(() -> refusal(chosen)).map(ApiException::error).ifPresent(refusal -> {
            out.writeObjectPropertyStart("refused");
            out.writeNumberProperty("status", refusal.kind().status());
            if (refusal.code() != null) {
                out.writeStringProperty("code", refusal.code());
            }
            out.writeStringProperty("message", refusal.message());
            out.writeEndObject();
        });
    }

    /** What is asked for by whoever asks for this, as far as the request says it; headers of the client have no say here. */
    private Question shaped(Catalog current, Question question) {
        byte[] body = question.body() == null ? "{}".getBytes(StandardCharsets.US_ASCII) : question.body();
        Endpoint endpoint = question.endpoint();
        Call call = new Call(
                new RequestId("", ""),
                endpoint,
                Objects.requireNonNull(endpoint.format().codecs().get(Operation.CHAT), "conversations"),
                body,
                head(question),
                question.model(),
                current,
                0);
        return question.asking(shaper.shaped(call, HttpHeaders.EMPTY).asked());
    }

    /** What the request says by itself; nothing but the name where it is none that could be sent. */
    private RequestHead head(Question question) {
        byte[] body = question.body();
        OperationCodec codec = question.format().codecs().get(question.asks());
        if (body != null && codec != null) {
            try {
                Endpoint ofPath = new Endpoint(question.format(), question.asks(), null, question.model());
                return codec.readRequest(body, ofPath, json);
            } catch (ApiException unreadable) {
                // a part of a request says enough
            }
        }
        return new RequestHead(question.model(), new Span(0, 0), false, false, 1, List.of());
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

    /** Whether others than the one who answers have a part in the answer. */
    private static boolean sharesWork(ComposingStrategy strategy) {
        return strategy.needsAll() || strategy.canSpare();
    }

    /** Who works on the answer together, in the order in which they are asked. */
    private static List<String> names(Chosen.Together together) {
        return together.selection().targets().stream()
                .limit(
                        together.strategy().canSpare()
                                ? together.selection().combo().panel().most()
                                : Integer.MAX_VALUE)
                .map(Target::counted)
                .toList();
    }

    /** What the call would be told instead of an answer. */
    private static Optional<ApiException> refusal(Chosen chosen) {
        return chosen instanceof Chosen.Refused refused ? Optional.of(refused.refusal()) : Optional.empty();
    }

    private Optional<ApiException> ofKey(Question question) {
        ApiKey key = question.key();
        return key == null
                ? Optional.empty()
                : KeyCheck.refusal(key, clock.instant())
                        .or(() -> AuthorizeModelGatewayFilterFactory.refusal(
                                key, question.asks().kind().id()));
    }
}
