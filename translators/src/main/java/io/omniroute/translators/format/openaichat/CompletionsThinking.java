package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Tool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tells a provider of this format how much its model is to think: by an effort, by a switch, or by OpenRouter's object. */
final class CompletionsThinking {

    private static final String NONE = "none";
    /** The one object for all models, where a provider has it. */
    private static final String OBJECT = "reasoning";

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final boolean own;

    /** @param own whether the request came in this format */
    CompletionsThinking(ChatRequest request, TargetProfile target, Losses losses, boolean own) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        this.own = own;
    }

    void write(ObjectNode body) {
        Reasoning asked = request.reasoning();
        String effort = Thinking.effort(asked);
        boolean off = asked.mode() == Reasoning.Mode.OFF || NONE.equals(effort);
        boolean on = !off && (effort != null || asked.mode() != Reasoning.Mode.UNSET);
        boolean forced = (request.forcesTool() && !target.thinksWhenForced())
                || (!request.stream()
                        && target.hasThinkingSwitch()
                        && target.unsupported().contains("unstreamed_thinking"));
        if (forced && on) {
            losses.add(Loss.Code.THINKING_DROPPED, "reasoning");
        }
        if (own && AskedThinking.isBeside(request.extra().of(OpenAiChatFormat.ID))) {
            return;
        }
        if (target.takes().contains(OBJECT)) {
            if (!forced) {
                object(asked, effort, on, off, body);
            }
            return;
        }
        if (target.hasThinkingSwitch() && (forced || off)) {
            think(false, body);
            return;
        }
        if (forced) {
            return;
        }
        if (target.hasThinkingSwitch() && on) {
            think(true, body);
        }
        if (!own && thinksOnlyWithoutFunctions()) {
            if (effort != null && !off) {
                losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
            }
            body.put("reasoning_effort", NONE);
            return;
        }
        String told = target.hasThinkingSwitch() ? effort : Thinking.effortToThink(asked);
        if (told == null || Thinking.goesWithoutSaying(told, target, losses)) {
            return;
        }
        if (target.thinking() == TargetProfile.Thinking.EFFORT) {
            body.put("reasoning_effort", Thinking.known(told, target, losses));
        } else {
            losses.add(target.hasThinkingSwitch() ? Loss.Code.EFFORT_CLAMPED : Loss.Code.THINKING_DROPPED, "reasoning");
        }
    }

    /** Whether there are functions, beside which the model takes no effort but none. */
    private boolean thinksOnlyWithoutFunctions() {
        return target.unsupported().contains("tools_with_effort")
                && target.range().efforts().contains(NONE)
                && request.tools().stream()
                        .anyMatch(tool -> tool instanceof Tool.Function || tool instanceof Tool.Custom);
    }

    private void object(Reasoning asked, @Nullable String effort, boolean on, boolean off, ObjectNode body) {
        if (off) {
            turnOff(body);
        } else if (asked.budget() != null && asked.budget() > 0) {
            body.putObject(OBJECT).put("max_tokens", asked.budget());
        } else if (effort != null) {
            boolean words = target.thinking() == TargetProfile.Thinking.EFFORT;
            body.putObject(OBJECT).put("effort", words ? Thinking.known(effort, target, losses) : effort);
        } else if (on) {
            body.putObject(OBJECT).put("enabled", true);
        }
    }

    /** Models that cannot but think refuse to be told not to. */
    private void turnOff(ObjectNode body) {
        boolean words = target.thinking() == TargetProfile.Thinking.EFFORT;
        boolean known = !words || !target.range().efforts().isEmpty();
        if (target.thinking() == TargetProfile.Thinking.NONE) {
            return;
        }
        if (!known || !target.range().stops()) {
            losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
        } else if (words && !target.range().efforts().contains(NONE)) {
            body.putObject(OBJECT).put("effort", Thinking.known(NONE, target, losses));
        } else {
            body.putObject(OBJECT).put("enabled", false);
        }
    }

    private void think(boolean on, ObjectNode body) {
        if (target.thinkingSwitch().equals("type")) {
            body.putObject("thinking").put("type", on ? "enabled" : "disabled");
        } else {
            body.put(target.thinkingSwitch(), on);
        }
    }
}
