package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request of this format, in both of its spellings. */
final class GeminiRequestReader {

    private static final String CONFIG = "generationConfig";

    private final CarrierSeal seal;
    private final GeminiCalls calls = new GeminiCalls();
    /** The model's turn that is being read: what was streamed may come back in a content for each of its events. */
    private final List<Part> said = new ArrayList<>();

    private final GrowingPart growing = new GrowingPart();
    /** How many parts there were when a thought ended with its signature. */
    private int signedAt = -1;

    private String saidAt = "";
    private boolean inPieces;
    private int turn;

    GeminiRequestReader(CarrierSeal seal) {
        this.seal = seal;
    }

    ChatRequest read(ObjectNode body, Endpoint endpoint) {
        Fields fields = Fields.of("", body);
        String model = endpoint.model();
        ChatRequest.Builder request = new ChatRequest.Builder(model == null ? "" : model);
        request.stream(endpoint.action().equals(GeminiFormat.STREAM));
        if (fields.take("cachedContent", "cached_content") != null) {
            throw GenerateContentCodec.kept("cachedContent");
        }
        fields.take("model");
        system(fields.take("systemInstruction", "system_instruction"), request);
        JsonNode contents = fields.take("contents");
        if (contents == null) {
            throw fields.missing("contents");
        }
        int index = 0;
        for (JsonNode content : contents.isArray() ? contents.values() : List.of(contents)) {
            content(fields.at("contents[" + index++ + "]", content), request);
        }
        endModel(request);
        Map<String, JsonNode> unread = new LinkedHashMap<>();
        boolean validated = false;
        JsonNode config = fields.take("toolConfig", "tool_config");
        if (config != null) {
            Fields settings = fields.at("toolConfig", GeminiSpelling.camel(config));
            request.toolChoice(GeminiTools.choice(settings));
            validated = GeminiTools.isValidated(settings);
            Unsaid.keep(unread, "toolConfig", settings);
        }
        JsonNode tools = fields.take("tools");
        int place = 0;
        for (JsonNode tool : tools == null ? List.<JsonNode>of() : tools.isObject() ? List.of(tools) : tools.values()) {
            GeminiTools.add(fields.at("tools[" + place++ + "]", tool), validated, request);
        }
        JsonNode generation = fields.take(CONFIG, "generation_config");
        if (generation != null) {
            Fields settings = fields.at(CONFIG, GeminiSpelling.camel(generation));
            GeminiGeneration.read(settings, request);
            Unsaid.keep(unread, CONFIG, settings);
        }
        JsonNode tier = fields.take("serviceTier", "service_tier");
        request.tier(tier == null ? null : tier(tier.asString("")));
        unread.putAll(fields.rest());
        request.unread(fields.unread());
        request.extra(new Extra(GeminiFormat.ID, unread).without(Set.of("store")));
        return request.build();
    }

    /** A tier in OpenAI's words. */
    private static @Nullable String tier(String written) {
        String tier = written.toLowerCase(Locale.ROOT);
        return switch (tier) {
            case "", "unspecified", "service_tier_unspecified" -> null;
            case "standard" -> "default";
            default -> tier;
        };
    }

    private static void system(@Nullable JsonNode system, ChatRequest.Builder request) {
        if (system == null) {
            return;
        }
        List<Part> parts = new ArrayList<>();
        if (system.isString()) {
            parts.add(Part.Text.of(system.stringValue()));
        }
        for (JsonNode part : system.path("parts").isObject()
                ? List.of(system.path("parts"))
                : system.path("parts").values()) {
            if (part.path("text").isString()) {
                parts.add(Part.Text.of(part.path("text").stringValue()));
            }
        }
        if (!parts.isEmpty()) {
            request.add(Message.of(Role.SYSTEM, parts));
        }
    }

    private void content(Fields content, ChatRequest.Builder request) {
        String role = content.string("role");
        boolean model = "model".equals(role);
        JsonNode written = content.take("parts");
        List<JsonNode> all =
                written == null ? List.of() : written.isObject() ? List.of(written) : List.copyOf(written.values());
        List<Part> parts = model ? said : new ArrayList<>();
        List<Part> results = new ArrayList<>();
        if (!model) {
            endModel(request);
        } else if (saidAt.isEmpty()) {
            calls.forget();
            saidAt = content.path();
            inPieces = false;
        } else {
            inPieces = true;
        }
        int before = parts.size();
        for (int i = 0; i < all.size(); i++) {
            Fields part = content.at(content.path("parts") + "[" + i + "]", all.get(i));
            part(part, i, parts, results);
            if (i == 0) {
                join(parts, before);
            }
        }
        if (!model) {
            growing.end(parts);
        }
        turn++;
        if (!results.isEmpty()) {
            endModel(request);
            request.add(Message.of(Role.TOOL, results, content.path()));
        }
        if (!model && (!parts.isEmpty() || results.isEmpty())) {
            request.add(Message.of(Role.USER, parts, content.path()));
        }
    }

    /** A text that goes on in the next content is one text. */
    private void join(List<Part> parts, int at) {
        if (at > 0
                && parts.size() == at + 1
                && parts.get(at - 1) instanceof Part.Text text
                && parts.get(at) instanceof Part.Text next
                && text.extra() == Extra.NONE
                && next.extra() == Extra.NONE) {
            parts.removeLast();
            growing.add(parts, text.text(), next.text());
        }
    }

    private void endModel(ChatRequest.Builder request) {
        if (saidAt.isEmpty()) {
            return;
        }
        growing.end(said);
        if (said.size() > 1) {
            said.removeIf(part -> part instanceof Part.Text text && text.text().isEmpty());
        }
        request.add(Message.of(Role.ASSISTANT, said, inPieces ? "" : saidAt));
        said.clear();
        signedAt = -1;
        saidAt = "";
    }

    private void part(Fields part, int index, List<Part> parts, List<Part> results) {
        JsonNode signature = part.take("thoughtSignature", "thought_signature");
        Opaque opaque = Signatures.read(seal, signature == null ? null : signature.asString(""));
        JsonNode thinks = part.take("thought");
        boolean thought = thinks != null && thinks.asBoolean(false);
        JsonNode call = part.take("functionCall", "function_call");
        JsonNode response = part.take("functionResponse", "function_response");
        JsonNode text = part.take("text");
        Part medium = GeminiMedia.read(part);
        if (call != null) {
            call(part.at(part.path("functionCall"), call), index, opaque, parts, part);
        } else if (response != null) {
            if (results.isEmpty()) {
                calls.beginAnswers();
            }
            if (!calls.isAgain(response)) {
                results.add(calls.result(part.at(part.path("functionResponse"), response), turn, part));
            }
        } else if (medium != null) {
            parts.add(medium);
            if (opaque != null && opaque.family().equals(GeminiFormat.ID)) {
                parts.add(new Part.Thought("", opaque.as(Opaque.Kind.TEXT_SIGNATURE)));
            }
        } else if (text != null && !thought && opaque != null && opaque.family().equals(GeminiFormat.ID)) {
            if (!text.asString("").isEmpty()) {
                parts.add(new Part.Text(text.asString(""), null, Extra.rest(GeminiFormat.ID, part)));
            }
            parts.add(new Part.Thought("", opaque.as(Opaque.Kind.TEXT_SIGNATURE)));
        } else if (thought || (text != null && text.asString("").isEmpty() && opaque != null)) {
            thought(text == null ? "" : text.asString(""), opaque, parts);
        } else if (text != null) {
            parts.add(new Part.Text(text.asString(""), null, Extra.rest(GeminiFormat.ID, part)));
        } else {
            parts.add(new Part.Native(GeminiFormat.ID, part.whole()));
        }
    }

    /** A streamed thought comes back in pieces, of which the last one has the signature of all. */
    private void thought(String text, @Nullable Opaque opaque, List<Part> parts) {
        Opaque known = opaque == null ? new Opaque("", Opaque.Kind.PLAIN, null, "") : opaque;
        if (!parts.isEmpty()
                && parts.size() != signedAt
                && parts.getLast() instanceof Part.Thought before
                && before.opaque() != null
                && before.opaque().kind() == Opaque.Kind.PLAIN) {
            growing.add(parts, before.text(), text);
            if (opaque != null) {
                growing.end(parts);
                String whole = ((Part.Thought) parts.removeLast()).text();
                parts.add(new Part.Thought(whole, Signatures.checked(whole, known)));
                // it has ended, whether the signature was its own or not
                signedAt = parts.size();
            }
        } else {
            parts.add(new Part.Thought(text, Signatures.checked(text, known)));
        }
    }

    /** What led to a call, and came back on it: before all that was said since the call before, unless the client has it there already. */
    private static void thoughtOf(Part.Thought thought, Opaque opaque, List<Part> parts) {
        int since = parts.size();
        while (since > 0 && !(parts.get(since - 1) instanceof Part.ToolCall)) {
            since--;
            if (parts.get(since) instanceof Part.Thought known
                    && known.opaque() != null
                    && known.opaque().payload().equals(opaque.payload())) {
                return;
            }
        }
        parts.add(Signatures.standsBefore(opaque) ? since : parts.size(), thought);
    }

    /** A signature on a call stands before it as a thought that only Google can read. */
    private void call(Fields call, int index, @Nullable Opaque opaque, List<Part> parts, Fields part) {
        growing.end(parts); // before a thought moves it
        Part.Thought shown = opaque == null ? null : Signatures.thought(opaque);
        if (opaque != null && shown != null) {
            thoughtOf(shown, opaque, parts);
        } else if (opaque != null && !Signatures.isNone(opaque)) {
            parts.add(new Part.Thought("", opaque));
        }
        parts.add(calls.call(call, turn, index, part));
    }
}
