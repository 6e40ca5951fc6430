package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Reasoning;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a model of Anthropic's is told how much to think, if it may think at all. Of one request, whose turns are written already. */
final class MessagesThinking {

    private static final long LEAST_BUDGET = 1_024;
    private static final long HIGHEST_LIMIT = 64_000;

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final ObjectNode body;

    MessagesThinking(ChatRequest request, TargetProfile target, Losses losses, ObjectNode body) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        this.body = body;
    }

    /** Sets something of what the output is to be like. */
    static void output(ObjectNode body, String name, JsonNode value) {
        ObjectNode config =
                body.get("output_config") instanceof ObjectNode known ? known : body.putObject("output_config");
        config.set(name, value);
    }

    /**
     * Says it.
     *
     * @param limit of the answer's tokens
     * @return whether the model is told to think, which goes with no other way to draw tokens than the usual one
     */
    boolean write(long limit) {
        boolean thinks = decide(limit);
        if (isBound(request, target)) {
            bind();
        }
        return thinks;
    }

    /**
     * Whether the provider may be asked to pass over thoughts that are no longer behind what they were thought behind: a client of another
     * format that leaves something out of a conversation, or cannot say it in the same order, has no way to ask for that, and the
     * conversation would be refused from there on.
     */
    static boolean isBound(ChatRequest request, TargetProfile target) {
        return target.takes().contains("block_binding")
                && !request.extra().format().equals(AnthropicFormat.ID)
                && request.messages().stream()
                        .flatMap(message -> message.parts().stream())
                        .anyMatch(MessagesThinking::isThought);
    }

    private static boolean isThought(Part part) {
        return part instanceof Part.Thought thought
                && thought.opaque() != null
                && thought.opaque().family().equals(AnthropicFormat.ID);
    }

    private void bind() {
        ObjectNode thinking = body.get("thinking") instanceof ObjectNode known
                ? known
                : body.putObject("thinking").put("type", "adaptive");
        if (!thinking.path("type").asString("").equals("disabled")) {
            thinking.putObject("block_binding").put("prefix_mismatch_behavior", "drop_block");
        }
    }

    private boolean decide(long limit) {
        Reasoning reasoning = request.reasoning();
        boolean own = request.extra().format().equals(AnthropicFormat.ID);
        String said = reasoning.effort();
        boolean takes = target.thinking() == TargetProfile.Thinking.ADAPTIVE
                || target.takes().contains("effort");
        if (own && said != null && isOfClient(reasoning)) {
            // how much is done is one thing there, and how much is thought another
            if (takes) {
                output(body, "effort", Json.string(target.range().nearest(said.equals("minimal") ? "low" : said)));
            } else if (reasoning.mode() == Reasoning.Mode.UNSET) {
                losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
            }
        }
        boolean asked = reasoning.mode() == Reasoning.Mode.ON
                || reasoning.mode() == Reasoning.Mode.ADAPTIVE
                || (!own && reasoning.mode() == Reasoning.Mode.UNSET && (said != null || showsItsOwn(reasoning)));
        if (target.thinkingSwitch().equals("type")) {
            boolean off = reasoning.mode() == Reasoning.Mode.OFF || "none".equals(said);
            return turn(asked && !off, off, limit);
        }
        if (!asked || target.thinking() == TargetProfile.Thinking.NONE) {
            if (asked) {
                losses.add(Loss.Code.THINKING_DROPPED, "reasoning");
            }
            if (reasoning.mode() == Reasoning.Mode.OFF && target.thinking() != TargetProfile.Thinking.NONE) {
                if (target.range().stops()) {
                    body.putObject("thinking")
                            .put("type", target.takes().contains("between_tools") ? "between_tools" : "disabled");
                } else {
                    losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
                }
            }
            return false;
        }
        if (target.thinking() == TargetProfile.Thinking.ADAPTIVE
                && request.forcesTool()
                && !target.thinksWhenForced()) {
            losses.add(Loss.Code.THINKING_DROPPED, "reasoning");
            return false;
        }
        if (own && reasoning.mode() == Reasoning.Mode.ADAPTIVE && target.takes().contains("adaptive")) {
            body.putObject("thinking").put("type", "adaptive");
            return true;
        }
        boolean counts =
                own && reasoning.mode() == Reasoning.Mode.ON && target.takes().contains("budget");
        if (target.thinking() == TargetProfile.Thinking.ADAPTIVE && !counts) {
            if (request.maxOutput() == null) {
                // it thinks within the limit: there must be room for both
                body.put("max_tokens", Math.max(limit, Math.min(target.maxOutput(), HIGHEST_LIMIT)));
            }
            ObjectNode thinking = body.putObject("thinking").put("type", "adaptive");
            if (!own && Boolean.TRUE.equals(reasoning.shown())) {
                thinking.put("display", "summarized");
            }
            String effort = Thinking.effort(reasoning);
            if (effort != null) {
                String known = target.range().nearest(effort.equals("minimal") ? "low" : effort);
                lost(!known.equals(effort), Loss.Code.EFFORT_CLAMPED, "reasoning");
                output(body, "effort", Json.string(known));
            }
            return true;
        }
        long budget = request.forcesTool() || isPrefilled() || loopLacksThought() ? 0 : budget(reasoning, limit);
        if (budget < LEAST_BUDGET) {
            losses.add(Loss.Code.THINKING_DROPPED, "reasoning");
            return false;
        }
        body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        return true;
    }

    /** Thinking of models of other vendors, who have a switch for it and no room for it where a tool must be called. */
    private boolean turn(boolean on, boolean off, long limit) {
        boolean forced = request.forcesTool() && !target.thinksWhenForced();
        if (forced && on) {
            losses.add(Loss.Code.THINKING_DROPPED, "reasoning");
        }
        if (off || forced) {
            body.putObject("thinking").put("type", "disabled");
            return false;
        }
        long budget = on ? budget(request.reasoning(), limit) : 0;
        if (on && budget < LEAST_BUDGET) {
            losses.add(Loss.Code.THINKING_DROPPED, "reasoning");
        }
        if (budget < LEAST_BUDGET) {
            return false;
        }
        body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        return true;
    }

    /** What the gateway itself wants is an effort or a budget, and no effort to turn thinking off. */
    private static boolean isOfClient(Reasoning reasoning) {
        return !"none".equals(reasoning.effort())
                && (reasoning.mode() != Reasoning.Mode.ON || reasoning.budget() != null);
    }

    /** Who wants to see thoughts wants there to be some; a model that decides itself how much to think shows none unless it is asked to. */
    private boolean showsItsOwn(Reasoning reasoning) {
        return target.thinking() == TargetProfile.Thinking.ADAPTIVE && Boolean.TRUE.equals(reasoning.shown());
    }

    /** Where the client set no limit, the thoughts get theirs on top of the answer's. */
    private long budget(Reasoning reasoning, long limit) {
        long wanted = Thinking.budget(reasoning);
        long most = target.range().nearest(wanted);
        if (request.maxOutput() != null) {
            return clamped(wanted, Math.min(most, limit - 1));
        }
        long roof = Math.min(target.maxOutput(), HIGHEST_LIMIT);
        long raised = Math.min(roof, Math.min(most, roof) + target.defaultOutput());
        body.put("max_tokens", raised);
        // half of it at least is for thoughts, whatever is usual for answers
        return clamped(wanted, Math.min(most, raised - Math.min(target.defaultOutput(), raised / 2)));
    }

    private long clamped(long wanted, long budget) {
        boolean asMuchAsMayBe = wanted == Long.MAX_VALUE;
        lost(budget < wanted && budget >= LEAST_BUDGET && !asMuchAsMayBe, Loss.Code.EFFORT_CLAMPED, "reasoning");
        return budget;
    }

    /** A model that thinks cannot go on with what somebody else has begun to say. */
    private boolean isPrefilled() {
        JsonNode messages = body.path("messages");
        return !messages.isEmpty()
                && messages.get(messages.size() - 1).path("role").asString("").equals("assistant");
    }

    /** A model that thinks must find its thoughts again in the turn whose tools were just answered. */
    private boolean loopLacksThought() {
        JsonNode messages = body.path("messages");
        JsonNode first = null;
        JsonNode last = null;
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonNode content = messages.get(i).path("content");
            boolean assistant = messages.get(i).path("role").asString("").equals("assistant");
            if (!has(content, assistant ? "tool_use" : "tool_result")) {
                break;
            }
            if (assistant) {
                first = content;
                last = last == null ? content : last;
            }
        }
        // those between may have gone on without a thought
        return first != null && last != null && (!thinksFirst(first) || !thinksFirst(last));
    }

    private static boolean thinksFirst(JsonNode content) {
        return content.get(0).path("type").asString("").endsWith("thinking");
    }

    private static boolean has(JsonNode content, String type) {
        return content.isArray()
                && content.valueStream()
                        .anyMatch(block -> block.path("type").asString("").equals(type));
    }

    private void lost(boolean given, Loss.Code code, String path) {
        if (given) {
            losses.add(code, path);
        }
    }
}
