package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.SaidTexts;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what Google says of an answer, piece by piece or at once. Texts grow, calls are whole; usage is repeated and grows more
 * complete. A signature on a call becomes a part of its own before the call.
 */
final class GeminiParts {

    /** What the provider's own tools do. */
    private static final Set<String> OWN_WORK =
            Set.of("toolCall", "toolResponse", "executableCode", "codeExecutionResult");

    /** What is written where there is no reason yet. */
    private static final Set<String> NO_REASON = Set.of("", "FINISH_REASON_UNSPECIFIED");

    private static final Grounding NOTHING = new Grounding();

    private record Open(PartKind kind, int part) {}

    /** A reason, and what is said of it. */
    private record Ending(String reason, String message) {}

    private final Map<Integer, Open> open = new HashMap<>();
    private final SaidTexts said = new SaidTexts();
    private final Map<Integer, Grounding> grounding = new HashMap<>();
    private final Set<Integer> seen = new HashSet<>();
    private final Map<Integer, String> signatures = new HashMap<>();
    /** How candidates have ended, so far: some servers give a reason before the last content, too. */
    private final Map<Integer, Ending> endings = new LinkedHashMap<>();
    /** Candidates of which nothing came after their reason. */
    private final Set<Integer> ended = new HashSet<>();

    private final Set<Integer> productive = new HashSet<>();
    private final boolean searches;
    private final Consumer<StreamEvent> sink;
    private final GeminiUsage usage = new GeminiUsage();
    private int next;
    private int calls;
    private boolean started;
    private boolean over;
    private boolean blockedPrompt;
    private String salt = "";
    /** By their candidates the calls that come in pieces. */
    private final Map<Integer, GrowingCall> growing = new HashMap<>();

    /** @param searches whether the answer may name sources, which come with its end */
    GeminiParts(boolean searches, Consumer<StreamEvent> sink) {
        this.searches = searches;
        this.sink = sink;
    }

    /** Whether all candidates that were seen have ended. */
    boolean isComplete() {
        // none ends that was not seen
        int complete = over ? endings.size() : ended.size();
        return complete > 0 && complete == seen.size();
    }

    /** Nothing more comes of a whole answer: a candidate with content has ended, whether its provider says so or not. */
    void closeWhole() {
        for (Integer candidate : productive) {
            endings.putIfAbsent(candidate, new Ending("", ""));
        }
        close();
    }

    /** Nothing more comes: tells how the candidates have ended, if all have. */
    void close() {
        boolean first = !over;
        over = true;
        if (first && isComplete()) {
            endings.forEach(this::finish);
        }
    }

    void read(JsonNode response) {
        if (response.path("error").isObject()) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(response)));
            return;
        }
        if (!started) {
            started = true;
            salt = response.path("responseId").asString("");
            salt = salt.isEmpty() ? IdRule.salt() : salt;
            sink.accept(new StreamEvent.Start(
                    response.path("responseId").asString(""),
                    response.path("modelVersion").asString("")));
        }
        usage.read(response.path("usageMetadata"), sink);
        for (JsonNode candidate : response.path("candidates")) {
            candidate(candidate);
        }
        JsonNode blocked = response.path("promptFeedback").path("blockReason");
        if (blocked.isString() && response.path("candidates").isEmpty()) {
            String message =
                    response.path("promptFeedback").path("blockReasonMessage").asString("");
            seen.add(0);
            ended.add(0);
            blockedPrompt = true;
            endings.put(
                    0,
                    new Ending(
                            blocked.stringValue(),
                            message.isEmpty() ? "the prompt was blocked: " + blocked.stringValue() : message));
        }
    }

    private void candidate(JsonNode candidate) {
        int index = candidate.path("index").asInt(0);
        seen.add(index);
        Grounding grounded = grounding.computeIfAbsent(index, unknown -> new Grounding());
        List<TokenProbability> likely = Likelihoods.read(candidate.path("logprobsResult"));
        for (JsonNode part : candidate.path("content").path("parts")) {
            likely = part(index, part, grounded, likely);
        }
        if (candidate.path("groundingMetadata").isObject()) {
            grounded.keep(candidate.path("groundingMetadata"));
        }
        if (candidate.path("citationMetadata").isObject()) {
            grounded.keep(candidate.path("citationMetadata"));
        }
        String reason = candidate.path("finishReason").asString("");
        if (!NO_REASON.contains(reason)) {
            ends(index, new Ending(reason, candidate.path("finishMessage").asString("")));
        }
    }

    private void ends(int candidate, Ending ending) {
        if (GeminiReasons.reason(ending.reason()) == FinishReason.TOOL_ERROR && !productive.contains(candidate)) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.malformedCall()));
        } else if (ended.add(candidate) || saysMore(candidate, ending)) {
            endings.put(candidate, ending);
        }
    }

    /** Whether a further reason for the same end is one that a plain end is not. */
    private boolean saysMore(int candidate, Ending further) {
        Ending before = endings.get(candidate);
        return before != null
                && GeminiReasons.reason(before.reason()) == FinishReason.STOP
                && GeminiReasons.reason(further.reason()) != FinishReason.STOP;
    }

    /** Reads a part; gives back the tokens if they are not of this one. */
    private List<TokenProbability> part(
            int candidate, JsonNode part, Grounding grounded, List<TokenProbability> likely) {
        grounded.nextPart();
        if (OWN_WORK.stream().anyMatch(part::hasNonNull)) {
            sink.accept(new StreamEvent.OwnWork());
            return likely;
        }
        String signature = part.path("thoughtSignature").asString("");
        if (part.path("functionCall").isObject()) {
            ended.remove(candidate);
            if (growing.containsKey(candidate)
                    || part.path("functionCall").path("willContinue").asBoolean(false)) {
                grow(candidate, part.path("functionCall"), signature);
                return likely;
            }
            productive.add(candidate);
            endBeforeCall(candidate);
            if (!signature.isEmpty()) {
                sealed(candidate, signature);
            }
            call(candidate, part.path("functionCall"));
            return likely;
        }
        JsonNode inline = part.path("inlineData");
        String mime = inline.path("mimeType").asString("");
        if (mime.startsWith("image/") && part.path("thought").asBoolean(false)) {
            return likely; // a draft
        }
        if (mime.startsWith("image/")) {
            ended.remove(candidate);
            productive.add(candidate);
            end(candidate);
            int number = next++;
            sink.accept(new StreamEvent.PartStart(candidate, number, PartKind.IMAGE, null, mime));
            sink.accept(new StreamEvent.PartDelta(number, inline.path("data").asString("")));
            sink.accept(new StreamEvent.PartEnd(number));
            signedText(candidate, signature);
            return likely;
        }
        String text = part.path("text").asString("");
        if (!text.isEmpty()) {
            ended.remove(candidate);
            PartKind kind = part.path("thought").asBoolean(false) ? PartKind.REASONING : PartKind.TEXT;
            if (kind == PartKind.TEXT) {
                productive.add(candidate);
            }
            Open current = open.get(candidate);
            if (current == null || current.kind() != kind) {
                end(candidate);
                current = start(candidate, kind);
            }
            if (kind == PartKind.TEXT) {
                grounded.grow(current.part(), text);
                if (!likely.isEmpty()) {
                    sink.accept(new StreamEvent.PartProbabilities(current.part(), likely));
                }
            }
            sink.accept(new StreamEvent.PartDelta(current.part(), text));
            signedText(candidate, signature);
            return kind == PartKind.TEXT ? List.of() : likely;
        }
        signedText(candidate, signature);
        return likely;
    }

    private void call(int candidate, JsonNode call) {
        String name = call.path("name").asString("");
        String arguments = call.path("args").isObject() ? Json.text(call.path("args")) : "{}";
        String given = call.path("id").asString("");
        String id = given.isEmpty()
                ? IdRule.derived(salt + " " + calls + " " + name + " " + arguments, "call_", 29)
                : given;
        calls++;
        int part = next++;
        sink.accept(new StreamEvent.PartStart(candidate, part, PartKind.TOOL_CALL, id, name));
        sink.accept(new StreamEvent.PartDelta(part, arguments));
        sink.accept(new StreamEvent.PartEnd(part));
    }

    /** A call that comes in pieces: first its name, then its arguments one by one, and an empty piece at its end. */
    private void grow(int candidate, JsonNode piece, String signature) {
        GrowingCall call = growing.get(candidate);
        if (call == null) {
            productive.add(candidate);
            endBeforeCall(candidate);
            if (!signature.isEmpty()) {
                sealed(candidate, signature);
            }
            call = new GrowingCall(piece);
            growing.put(candidate, call);
        }
        call.add(piece.path("partialArgs"));
        if (!piece.path("willContinue").asBoolean(false)) {
            growing.remove(candidate);
            call(candidate, call.whole());
        }
    }

    private void sealed(int candidate, String signature) {
        sealed(candidate, signature, Opaque.Kind.SIGNATURE);
    }

    /** What signs a text stands behind it, and waits until it has ended: the text's sources come last of all. */
    private void signedText(int candidate, String signature) {
        if (signature.isEmpty()) {
            return;
        }
        Open text = open.get(candidate);
        if (text != null && text.kind() == PartKind.TEXT) {
            signatures.put(candidate, signature);
        } else {
            end(candidate);
            sealed(candidate, signature, Opaque.Kind.TEXT_SIGNATURE);
        }
    }

    private void sealed(int candidate, String signature, Opaque.Kind kind) {
        int part = next++;
        sink.accept(new StreamEvent.PartStart(candidate, part, PartKind.REDACTED_REASONING, null, null));
        sink.accept(new StreamEvent.PartSeal(part, new Opaque(GeminiFormat.ID, kind, null, signature)));
        sink.accept(new StreamEvent.PartEnd(part));
    }

    private Open start(int candidate, PartKind kind) {
        Open part = new Open(kind, next++);
        open.put(candidate, part);
        sink.accept(new StreamEvent.PartStart(candidate, part.part(), kind, null, null));
        return part;
    }

    /** A text whose sources may still come does not end for a call: behind its end nobody could be told of them. */
    private void endBeforeCall(int candidate) {
        Open part = open.get(candidate);
        boolean text = part != null && part.kind() == PartKind.TEXT;
        if (part != null
                && text
                && (searches || grounding.getOrDefault(candidate, NOTHING).isCited())) {
            open.remove(candidate);
            said.add(candidate, part.part());
        }
        end(candidate);
    }

    private void end(int candidate) {
        @Nullable Open part = open.remove(candidate);
        if (part != null) {
            if (part.kind() == PartKind.TEXT) {
                grounding.getOrDefault(candidate, NOTHING).tell(sink);
            }
            sink.accept(new StreamEvent.PartEnd(part.part()));
        }
        String signature = signatures.remove(candidate);
        if (signature != null) {
            sealed(candidate, signature, Opaque.Kind.TEXT_SIGNATURE);
        }
    }

    private void finish(int candidate, Ending ending) {
        grounding.getOrDefault(candidate, NOTHING).tell(sink);
        said.end(candidate, sink);
        end(candidate);
        sink.accept(new StreamEvent.Finish(
                candidate,
                blockedPrompt ? FinishReason.CONTENT_FILTER : GeminiReasons.reason(ending.reason()),
                ending.reason(),
                ending.message().isEmpty() ? null : ending.message()));
    }
}
