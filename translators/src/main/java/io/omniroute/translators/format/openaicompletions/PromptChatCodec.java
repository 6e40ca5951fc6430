package io.omniroute.translators.format.openaicompletions;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.SseOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Prompts as conversations of one turn, and answers as texts. */
final class PromptChatCodec implements ChatCodec {

    private static final String PARAGRAPH = "\n\n";
    private static final Set<String> OWN = Set.of("stream", "stream_options", "n", "best_of", "echo");

    @Override
    public ChatRequest decode(byte[] body, Endpoint endpoint, CarrierSeal seal) {
        Fields fields = Fields.of("", Json.requestObject(body));
        ChatRequest.Builder request = new ChatRequest.Builder(fields.require("model"));
        JsonNode prompt = fields.take("prompt");
        if (prompt != null
                && prompt.isArray()
                && prompt.size() == 1
                && prompt.get(0).isString()) {
            prompt = prompt.get(0);
        }
        if (prompt == null || !prompt.isString()) {
            throw PromptCodec.unsupported("prompt");
        }
        request.add(Message.of(Role.USER, List.of(Part.Text.of(prompt.stringValue()))));
        String suffix = fields.string("suffix");
        if (suffix != null && !suffix.isEmpty()) {
            throw PromptCodec.unsupported("suffix");
        }
        if (Boolean.TRUE.equals(fields.bool("echo"))) {
            throw PromptCodec.unsupported("echo");
        }
        Long bestOf = fields.whole("best_of");
        if (bestOf != null && bestOf > 1) {
            throw PromptCodec.unsupported("best_of");
        }
        Boolean stream = fields.bool("stream");
        request.stream(stream != null && stream);
        fields.take("stream_options");
        Long logprobs = fields.whole("logprobs");
        request.sampling(new Sampling(
                fields.number("temperature"),
                fields.number("top_p"),
                null,
                fields.number("seed"),
                fields.number("presence_penalty"),
                fields.number("frequency_penalty"),
                fields.take("logit_bias"),
                logprobs != null,
                logprobs));
        request.maxOutput(fields.whole("max_tokens"));
        JsonNode stop = fields.take("stop");
        if (stop != null) {
            request.stop(
                    stop.isString()
                            ? List.of(stop.stringValue())
                            : stop.values().stream()
                                    .map(node -> node.asString(""))
                                    .toList());
        }
        Long candidates = fields.whole("n");
        request.candidates(candidates == null ? 1 : candidates);
        request.user(fields.string("user"));
        request.extra(new Extra(CompletionsFormat.ID, fields.rest()));
        return request.build();
    }

    @Override
    public byte[] encode(ChatRequest request, TargetProfile target, Losses losses) {
        throw PromptCodec.noProvider();
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer answer, AnswerContext context) {
        ObjectNode completion = head(context, answer.model());
        ArrayNode choices = completion.putArray("choices");
        for (ChatAnswer.Candidate candidate : answer.candidates()) {
            StringBuilder text = new StringBuilder();
            List<TokenProbability> likely = new ArrayList<>();
            candidate.pieces().forEach(piece -> {
                if (isShown(piece.kind())) {
                    text.append(piece.apart() && !text.isEmpty() ? PARAGRAPH : "")
                            .append(piece.text());
                    likely.addAll(piece.tokens());
                }
            });
            choices.add(choice(
                    candidate.index(), text.toString(), reason(candidate.reason()), PromptProbabilities.of(likely, 0)));
        }
        Usage usage = answer.usage();
        if (usage != null && !usage.estimated()) {
            completion.set("usage", usage(usage));
        }
        return Json.bytes(completion);
    }

    @Override
    public void addTurn(ObjectNode request, String text) {
        JsonNode prompt = request.path("prompt");
        String before = prompt.size() == 1 ? prompt.path(0).asString("") : prompt.asString("");
        request.put("prompt", before + "\n\n" + text);
    }

    @Override
    public void addAnswer(ObjectNode request, String text) {
        addTurn(request, text);
    }

    @Override
    public Set<String> ownFields() {
        return OWN;
    }

    @Override
    public StreamEncoder streamEncoder(AnswerContext context) {
        return new Encoder(context);
    }

    /** A refusal is an answer too. */
    private static boolean isShown(PartKind kind) {
        return kind == PartKind.TEXT || kind == PartKind.REFUSAL;
    }

    private static ObjectNode head(AnswerContext context, String model) {
        return Json.object()
                .put("id", "cmpl-" + context.id())
                .put("object", "text_completion")
                .put("created", context.created())
                .put("model", model.isEmpty() ? context.model() : model);
    }

    private static ObjectNode choice(int index, String text, @Nullable String reason, JsonNode logprobs) {
        ObjectNode choice = Json.object().put("text", text).put("index", index);
        choice.set("logprobs", logprobs);
        return choice.put("finish_reason", reason);
    }

    private static String reason(FinishReason reason) {
        return switch (reason) {
            case LENGTH, CONTEXT_FULL -> "length";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            default -> "stop";
        };
    }

    private static ObjectNode usage(Usage usage) {
        return Json.object()
                .put("prompt_tokens", usage.input())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.input() + usage.output());
    }

    private static final class Encoder implements StreamEncoder {

        private final AnswerContext context;
        private final Map<Integer, Integer> texts = new HashMap<>();
        private final Map<Integer, Integer> lengths = new HashMap<>();
        private final Map<Integer, String> reasons = new LinkedHashMap<>();
        private final List<TokenProbability> likely = new ArrayList<>();
        private String model = "";
        private @Nullable Usage usage;

        Encoder(AnswerContext context) {
            this.context = context;
        }

        @Override
        public void encode(StreamEvent event, ByteArrayOutputStream out) {
            switch (event) {
                case StreamEvent.Start start -> model = start.model();
                case StreamEvent.UsageUpdate update -> usage = update.usage();
                case StreamEvent.PartStart start
                when isShown(start.kind()) -> {
                    texts.put(start.part(), start.candidate());
                    if (start.apart() && lengths.getOrDefault(start.candidate(), 0) > 0) {
                        text(start.candidate(), PARAGRAPH, out);
                    }
                }
                case StreamEvent.PartDelta delta
                when texts.containsKey(delta.part()) -> text(texts.getOrDefault(delta.part(), 0), delta.text(), out);
                case StreamEvent.PartProbabilities tokens
                when texts.containsKey(tokens.part()) -> likely.addAll(tokens.tokens());
                // a client takes the reason for the end, which it is only when the provider has said all
                case StreamEvent.Finish finish -> reasons.put(finish.candidate(), reason(finish.reason()));
                case StreamEvent.End end -> end(out);
                default -> {
                    // legacy clients see texts and nothing else
                }
            }
        }

        @Override
        public void fail(ApiError error, ByteArrayOutputStream out) {
            out.writeBytes(CompletionsFormat.INSTANCE.errors().renderInStream(error));
        }

        private void text(int candidate, String text, ByteArrayOutputStream out) {
            int offset = lengths.merge(candidate, text.length(), Integer::sum) - text.length();
            chunk(choice(candidate, text, null, PromptProbabilities.of(likely, offset)), out);
            likely.clear();
        }

        private void chunk(ObjectNode choice, ByteArrayOutputStream out) {
            ObjectNode chunk = head(context, model);
            chunk.putArray("choices").add(choice);
            write(chunk, out);
        }

        private void end(ByteArrayOutputStream out) {
            reasons.forEach((candidate, reason) -> chunk(choice(candidate, "", reason, Json.nothing()), out));
            Usage known = usage;
            if (context.usageAsked() && known != null) {
                ObjectNode chunk = head(context, model);
                chunk.putArray("choices");
                chunk.set("usage", usage(known));
                write(chunk, out);
            }
            out.writeBytes("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
        }

        private static void write(ObjectNode chunk, ByteArrayOutputStream out) {
            SseOutput.write(chunk, out);
        }
    }
}
