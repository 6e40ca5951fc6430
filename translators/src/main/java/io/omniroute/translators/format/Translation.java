package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.StreamEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's way from the client's format to the provider's and back. Depends on nothing but the request and the target, so
 * the same request gives the same bytes. Not thread-safe.
 */
public final class Translation {

    /** What stands for the beginning of a conversation, which only its vendor can read. */
    private static final Set<String> COMPACTIONS = Set.of("compaction", "compaction_summary", "context_compaction");

    private final ApiFormat client;
    private final boolean same;
    private final ChatRequest request;
    private final byte[] body;
    private final Losses losses;
    private final ToolNames names;
    private final CarrierSeal seal;
    private final ParameterNames parameters;
    private final boolean wrapsCustomTools;
    /** Calls that are told whole, because their arguments are not what the provider writes. */
    private final Map<Integer, Whole> wrapped = new HashMap<>();

    private final String salt = IdRule.salt();
    private final Endings endings = new Endings();
    /** By candidates, signatures that sign the call behind them. */
    private final Map<Integer, Opaque> sealed = new HashMap<>(2);
    /** By parts, their candidates. */
    private final Map<Integer, Integer> owners = new HashMap<>();

    private BiConsumer<String, Opaque> signatures = (call, signature) -> {};
    private final Map<String, String> headers;
    private final boolean thinksInText;
    private final String provider;
    private final SplitPairs pairs = new SplitPairs();
    private @Nullable ThinkTags tags;

    private record Whole(@Nullable String name, StringBuilder arguments) {}

    /**
     * Translates a request.
     *
     * @param asked as the client's format read it
     * @param strict whether a loss is refused
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST naming what the target cannot be asked for
     */
    public Translation(
            ApiFormat client,
            ChatRequest asked,
            ApiFormat target,
            TargetProfile profile,
            CarrierSeal seal,
            boolean strict) {
        Losses collected = new Losses(strict);
        this.client = client;
        this.same = client == target;
        ChatRequest told = client == target ? asked : Unsaid.withoutBilling(client.told(asked));
        this.request = told;
        boolean continues =
                (target.continuesAssistant() && !profile.unsupported().contains("prefill"))
                        || profile.takes().contains("prefix");
        if (client.continuesAssistant() && !continues && endsWithAssistant(told)) {
            collected.add(Loss.Code.PREFILL_NOT_CONTINUED, "messages");
        }
        this.parameters = target == client
                ? ParameterNames.NONE
                : target.parameterNames()
                        .map(accepted -> ParameterNames.of(told, accepted))
                        .orElse(ParameterNames.NONE);
        this.body = written(target, profile, collected);
        this.headers = target.chat().headers(told, profile);
        this.losses = collected;
        this.names = ToolNames.of(told);
        this.seal = seal;
        this.wrapsCustomTools = target != client && !target.takesCustomTools(profile);
        this.thinksInText = profile.thinksInText();
        this.provider = profile.provider();
    }

    private byte[] written(ApiFormat target, TargetProfile profile, Losses collected) {
        try {
            if (target == client) {
                return target.chat().encode(request, profile, collected);
            }
            for (Message message : request.messages()) {
                for (Part part : message.parts()) {
                    if (part instanceof Part.Native raw
                            && raw.format().equals("openai-responses")
                            && COMPACTIONS.contains(raw.raw().path("type").asString(""))) {
                        throw collected.unsupported(
                                message.place().isEmpty() ? "input" : message.place(),
                                "this provider cannot read what the conversation was made shorter to");
                    }
                }
            }
            ToolPairs.require(request);
            ChatRequest plain = request.change()
                    .sampling(request.sampling().withoutNothing())
                    .build();
            ChatRequest ordered = AnswersBehindCalls.of(DistinctCalls.of(ToolReferences.named(plain, collected)));
            return target.chat().encode(parameters.told(ordered), profile, collected);
        } catch (ApiException refused) {
            throw refused.error().withParam(client::nameOf).exception();
        }
    }

    private static boolean endsWithAssistant(ChatRequest request) {
        return !request.messages().isEmpty() && request.messages().getLast().role() == Role.ASSISTANT;
    }

    /** Has somebody told the id of every call that the answer signs, with the signature. */
    public void onSignature(BiConsumer<String, Opaque> remember) {
        signatures = remember;
    }

    /** The writes that tell the client of a failure in the middle of its stream; see {@link ErrorCodec#apart}. */
    public List<byte[]> apart(byte[] event, ApiError error) {
        return client.errors().apart(event, error);
    }

    /** Headers that the provider needs for this body, beside those of its format. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The body for the provider. */
    public byte[] body() {
        return body;
    }

    /** What the provider is not told. */
    public List<Loss> losses() {
        return losses.all();
    }

    /**
     * An event with the client's own names of its tools, and ids that every client can send back. The text that a free-form tool
     * is called with comes at once, where the provider wrote it as JSON; thoughts that stand in the text are parts of their own.
     *
     * @param sink the same for all events of an answer
     */
    public void restore(StreamEvent event, Consumer<StreamEvent> sink) {
        pairs.accept(event, whole -> shown(whole, sink));
    }

    private void shown(StreamEvent event, Consumer<StreamEvent> sink) {
        if (!thinksInText) {
            unwrap(event, sink);
            return;
        }
        ThinkTags split = tags;
        if (split == null) {
            split = new ThinkTags(part -> unwrap(part, sink));
            tags = split;
        }
        split.accept(event);
    }

    private void unwrap(StreamEvent event, Consumer<StreamEvent> sink) {
        if (event instanceof StreamEvent.Finish finish && finish.reason() == FinishReason.PAUSE) {
            losses.note(Loss.Code.PAUSE_NOT_CONTINUED, "stop_reason");
        }
        if (event instanceof StreamEvent.Finish finish && finish.reason() == FinishReason.TOOL_ERROR) {
            losses.note(Loss.Code.TOOL_CALL_UNREADABLE, "finish_reason");
        }
        if (event instanceof StreamEvent.PartSource source
                && source.annotation().isOfDocument()
                && !client.citesDocuments()) {
            losses.note(Loss.Code.CITATION_DROPPED, "citations");
            return;
        }
        StreamEvent named = endings.hear(named(made(event)));
        switch (named) {
            case StreamEvent.PartStart start
            when start.kind() == PartKind.TOOL_CALL && isToldWhole(start.name()) -> {
                wrapped.put(start.part(), new Whole(start.name(), new StringBuilder()));
                sink.accept(start);
            }
            case StreamEvent.PartDelta delta
            when wrapped.get(delta.part()) instanceof Whole call ->
                call.arguments().append(delta.text());
            case StreamEvent.PartEnd end
            when wrapped.remove(end.part()) instanceof Whole call -> {
                sink.accept(new StreamEvent.PartDelta(end.part(), arguments(call)));
                sink.accept(end);
            }
            default -> sink.accept(named);
        }
    }

    private boolean isToldWhole(@Nullable String function) {
        return (wrapsCustomTools && request.isCustom(function)) || parameters.has(function);
    }

    private String arguments(Whole call) {
        String written = call.arguments().toString();
        return parameters.has(call.name()) ? parameters.restored(call.name(), written) : CustomTools.unwrapped(written);
    }

    /** What only its maker can read comes back to nobody else. */
    private StreamEvent made(StreamEvent event) {
        return event instanceof StreamEvent.PartSeal seal
                ? new StreamEvent.PartSeal(seal.part(), seal.opaque().madeBy(provider))
                : event;
    }

    private StreamEvent named(StreamEvent event) {
        if (event instanceof StreamEvent.PartSeal seal && seal.opaque().kind() == Opaque.Kind.SIGNATURE) {
            sealed.put(owners.getOrDefault(seal.part(), 0), seal.opaque());
        }
        if (!(event instanceof StreamEvent.PartStart start)) {
            return event;
        }
        owners.put(start.part(), start.candidate());
        Opaque signature = start.kind() == PartKind.REDACTED_REASONING ? null : sealed.remove(start.candidate());
        if (start.kind() != PartKind.TOOL_CALL) {
            return event;
        }
        String id = start.callId() == null || start.callId().isEmpty()
                ? IdRule.derived(salt + " " + start.candidate() + " " + start.part(), "call_", 29)
                : IdRule.COMMON.apply(start.callId());
        String name = start.name() == null ? "" : names.original(start.name());
        if (signature != null) {
            signatures.accept(id, signature);
        }
        return new StreamEvent.PartStart(start.candidate(), start.part(), start.kind(), id, name);
    }

    /**
     * What the answer's encoder needs.
     *
     * @param id letters and digits that no other answer has
     * @param model what the client is told where the provider does not say
     * @param created seconds since 1970
     * @param usageAsked whether the client wants usage in its stream
     */
    public AnswerContext context(String id, String model, long created, boolean usageAsked) {
        // what one of the client's own vendor's models has thought, it has told
        ChatRequest told = same
                ? request.change()
                        .reasoning(request.reasoning().withoutBudget())
                        .build()
                : request;
        return new AnswerContext(
                told, id, model, created, usageAsked, Math.max(1, RequestNeeds.tokens(body, JsonLimits.DEFAULT)), seal);
    }

    /** The client's side. */
    public ChatCodec client() {
        return client.chat();
    }
}
