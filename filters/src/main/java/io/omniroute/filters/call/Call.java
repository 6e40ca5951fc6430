package io.omniroute.filters.call;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.Loss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call: what is asked, what the name means, which combo was chosen, and what was tried. Sees one catalog from its first
 * stage to its last. The original body is never changed; every attempt makes its own of it.
 *
 * <p>The stages of one call run one after another; attempts and taps may be added from different threads.
 */
public final class Call {

    private final RequestId id;
    private final Endpoint endpoint;
    private final OperationCodec codec;
    private final byte[] body;
    private final RequestHead head;
    private final String asked;
    private final Catalog catalog;
    private final int depth;
    private final List<AttemptReport> attempts = new CopyOnWriteArrayList<>();
    private final List<AnswerTap> taps = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Object> writer = new AtomicReference<>();
    private volatile long promptTokens = -1;
    private @Nullable Resolution resolution;
    private volatile @Nullable Combo combo;
    private final List<Loss> losses = new CopyOnWriteArrayList<>();
    private final List<String> parts = new CopyOnWriteArrayList<>();
    private volatile String warnings = "";
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Duration waited = Duration.ZERO;
    private volatile Map<String, String> passedOver = Map.of();

    /**
     * @param asked the name that is looked up: the body's model, with the path's provider before it if it names one
     * @param depth 0 for a call from outside, one more than its parent's for a call from inside
     * @param codec how the client's format reads and writes this operation
     */
    public Call(
            RequestId id,
            Endpoint endpoint,
            OperationCodec codec,
            byte[] body,
            RequestHead head,
            String asked,
            Catalog catalog,
            int depth) {
        this.id = id;
        this.endpoint = endpoint;
        this.codec = codec;
        this.body = body;
        this.head = head;
        this.asked = asked;
        this.catalog = catalog;
        this.depth = depth;
    }

    /** The same call with another body, before anything was tried; what may be called of what it asks for stays the same. */
    public synchronized Call with(byte[] writtenOut, RequestHead headOfIt) {
        Call other = new Call(id, endpoint, codec, writtenOut, headOfIt, asked, catalog, depth);
        other.resolution = resolution;
        other.losses.addAll(losses);
        other.parts.addAll(parts);
        other.taps.addAll(taps);
        return other;
    }

    /** The same call for another name, before anything was decided. */
    public Call asking(String name) {
        Call other = new Call(id, endpoint, codec, body, head, name, catalog, depth);
        other.losses.addAll(losses);
        other.parts.addAll(parts);
        other.taps.addAll(taps);
        return other;
    }

    /** The ids of the request. */
    public RequestId id() {
        return id;
    }

    /** The client's format and what it asks for. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** How the client's format reads and writes this operation. */
    public OperationCodec codec() {
        return codec;
    }

    /** The body as the client sent it, with what it refers to written out; must not be changed. */
    public byte[] body() {
        return body;
    }

    /** About how many tokens the request has. A large body is looked through for what is no text, once. */
    public long promptTokens() {
        long known = promptTokens;
        if (known < 0) {
            known = RequestNeeds.tokens(body, JsonLimits.DEFAULT);
            promptTokens = known;
        }
        return known;
    }

    /** What was read of the body. */
    public RequestHead head() {
        return head;
    }

    /** The model, alias or combo that was asked for. */
    public String asked() {
        return asked;
    }

    /** Whether only the tokens of what is asked are to be counted. */
    public boolean isForCounting() {
        return endpoint.operation() == Operation.COUNT_TOKENS;
    }

    /** Whether the answer is streamed. */
    public boolean stream() {
        return head.stream() && !isForCounting();
    }

    /**
     * Writes an answer that is there already as the stream that its client asked for.
     *
     * @param model who answered, where the answer does not say
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if the request has what only its own format's providers know
     */
    public StreamEncoder streamEncoder(String model) {
        ChatCodec format = endpoint.format().chat();
        return format.streamEncoder(new AnswerContext(
                format.decode(body, endpoint, CarrierSeal.NONE),
                id.own().replace("-", ""),
                model,
                System.currentTimeMillis() / 1_000,
                head.usageAsked(),
                promptTokens(),
                CarrierSeal.NONE));
    }

    /** The catalog that this call sees. */
    public Catalog catalog() {
        return catalog;
    }

    /** How many calls this one is inside of. */
    public int depth() {
        return depth;
    }

    /** Makes a part of what the asked name means all that it means for this call. */
    public synchronized void resolveTo(Resolution.Found part) {
        resolution = part;
    }

    /** What the asked name means. */
    public synchronized Resolution resolution() {
        Resolution known = resolution;
        if (known == null) {
            known = catalog.resolve(asked);
            resolution = known;
        }
        return known;
    }

    /** Makes a combo the call's target. */
    public void choose(Combo chosen) {
        combo = chosen;
    }

    /** The combo that was chosen, once a stage has. */
    public Optional<Combo> combo() {
        return Optional.ofNullable(combo);
    }

    /** Registers someone who listens to the answer; called in the order of stages. */
    public void tap(AnswerTap tap) {
        taps.add(tap);
    }

    /** Those who listen to the answer. */
    public List<AnswerTap> taps() {
        return taps;
    }

    /** Notes that the call has waited for a target. */
    public void waited(Duration time) {
        waited = waited.plus(time);
    }

    /** How long the call has waited for targets. */
    public Duration waited() {
        return waited;
    }

    /** Notes a call that is a part of this one, by its request's id. */
    public void hasPart(String requestId) {
        parts.add(requestId);
    }

    /** The calls that are parts of this one, by their requests' ids. */
    public List<String> parts() {
        return parts;
    }

    /** Notes what was not tried although it could have been, with a word for why. */
    public void passedOver(Map<String, String> targets) {
        passedOver = Map.copyOf(targets);
    }

    /** What was not tried, with a word for why. */
    public Map<String, String> passedOver() {
        return passedOver;
    }

    /** Remembers how an attempt ended. */
    public void tried(AttemptReport attempt) {
        attempts.add(attempt);
    }

    /** The attempts that have ended, in that order. */
    public List<AttemptReport> attempts() {
        return attempts;
    }

    /** Notes what no provider is told. */
    public void lost(Loss loss) {
        losses.add(loss);
    }

    /** What no provider is told. */
    public List<Loss> losses() {
        return losses;
    }

    /** Remembers what the answering attempt's translation lost. */
    public void warned(String losses) {
        warnings = losses;
    }

    /** What the answering attempt's translation lost, empty for nothing. */
    public String warnings() {
        return warnings;
    }

    /** Makes an attempt the one that answers the client; only the first that asks wins. */
    public boolean claimAnswer(Object attempt) {
        return writer.compareAndSet(null, attempt) || writer.get() == attempt;
    }

    /** Whether it is this attempt that answers the client. */
    public boolean isAnsweredBy(Object attempt) {
        return writer.get() == attempt;
    }

    /** Ends the call's answer; only the first attempt that asks does. */
    public boolean ends() {
        return ended.compareAndSet(false, true);
    }

    /** Whether content of an answer has left for the client. */
    public boolean isAnswered() {
        return writer.get() != null;
    }
}
