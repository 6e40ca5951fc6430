package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.Reasoning;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How much a client of this format wants the model to think: in the format's own field, or else in those that vendors and gateways put
 * beside it. These stay with the format as they are.
 */
final class AskedThinking {

    private static final String OBJECT = "reasoning";
    private static final String TYPED = "thinking";
    private static final String SWITCH = "enable_thinking";
    private static final String BUDGET = "thinking_budget";

    /** What is beside the format's own field. */
    private static final Set<String> BESIDE = Set.of(OBJECT, TYPED, SWITCH, BUDGET);

    private static final String EFFORT = "reasoning_effort";

    /** All of them. */
    static final Set<String> FIELDS = Set.of(EFFORT, OBJECT, TYPED, SWITCH, BUDGET);

    /** What is read of the object. */
    private static final Set<String> KNOWN = Set.of("effort", "max_tokens", "enabled", "exclude");

    private AskedThinking() {}

    /**
     * Reads what there is. Not to think goes before everything else.
     *
     * @param unused takes the paths of what others say beside that, and says nothing more
     */
    static Reasoning read(Fields fields, Set<String> unused) {
        String effort = fields.string(EFFORT);
        JsonNode object = fields.take(OBJECT);
        JsonNode typed = fields.take(TYPED);
        JsonNode onOff = fields.take(SWITCH);
        JsonNode tokens = fields.take(BUDGET);
        if (object != null && object.isObject()) {
            object.propertyNames().stream()
                    .filter(name -> !KNOWN.contains(name) && !object.path(name).isNull())
                    .forEach(name -> unused.add(OBJECT + "." + name));
        } else if (object != null) {
            unused.add(OBJECT);
        }
        if (typed != null && !typed.isObject()) {
            unused.add(TYPED);
        }
        if (onOff != null && !onOff.isBoolean()) {
            unused.add(SWITCH);
        }
        if (isZero(tokens)
                || (object != null && (isZero(object.get("max_tokens")) || isNone(object.get("effort"))))
                || (typed != null && isZero(typed.get("budget_tokens")))) {
            return new Reasoning(Reasoning.Mode.OFF, "none".equals(effort) ? effort : null, null, null);
        }
        if (isOff(object, typed, onOff)) {
            return new Reasoning(Reasoning.Mode.OFF, "none".equals(effort) ? effort : null, null, null);
        }
        if (effort != null) {
            note(unused, typed, tokens, true);
            return of(effort, null, null, object != null && object.isObject() ? shown(object) : null);
        }
        if (object != null && object.isObject()) {
            note(unused, typed, tokens, true);
            return of(
                    object.path("effort").stringValue(null),
                    count(object.get("max_tokens")),
                    truth(object.get("enabled")),
                    shown(object));
        }
        if (typed != null && typed.isObject()) {
            note(unused, typed, tokens, false);
            String type = typed.path("type").asString("");
            if (type.equals("adaptive") || type.equals("auto")) {
                return new Reasoning(Reasoning.Mode.ADAPTIVE, null, null, true);
            }
            return of(null, count(typed.get("budget_tokens")), type.equals("enabled") ? Boolean.TRUE : null, true);
        }
        Boolean on = truth(onOff);
        return of(null, count(tokens), on, Boolean.TRUE.equals(on) ? Boolean.TRUE : null);
    }

    private static boolean isOff(@Nullable JsonNode object, @Nullable JsonNode typed, @Nullable JsonNode onOff) {
        return (object != null && Boolean.FALSE.equals(truth(object.get("enabled"))))
                || (typed != null && typed.path("type").asString("").equals("disabled"))
                || Boolean.FALSE.equals(truth(onOff));
    }

    private static boolean isZero(@Nullable JsonNode tokens) {
        return tokens != null && tokens.isIntegralNumber() && tokens.asLong() == 0;
    }

    private static boolean isNone(@Nullable JsonNode effort) {
        return effort != null && effort.asString("").equals("none");
    }

    /** What says no more than that the model is to think is nothing that gets lost. */
    private static void note(
            Set<String> unused, @Nullable JsonNode typed, @Nullable JsonNode tokens, boolean effortGoesFirst) {
        if (typed != null && typed.has("budget_tokens") && effortGoesFirst) {
            unused.add(TYPED + ".budget_tokens");
        }
        if (tokens != null) {
            unused.add(BUDGET);
        }
    }

    /** Whether something is said that the format's own field does not say. */
    static boolean isBeside(Map<String, JsonNode> rest) {
        return BESIDE.stream().anyMatch(rest::containsKey);
    }

    /** What goes back into the format as it came. */
    static void keep(Fields fields, Map<String, JsonNode> rest) {
        for (String name : BESIDE) {
            if (fields.has(name)) {
                rest.put(name, fields.object().get(name));
            }
        }
        if (isBeside(rest) && fields.has(EFFORT)) {
            rest.put(EFFORT, fields.object().get(EFFORT));
        }
    }

    private static Reasoning of(
            @Nullable String effort, @Nullable Long budget, @Nullable Boolean on, @Nullable Boolean shown) {
        if (Boolean.FALSE.equals(on) || "none".equals(effort)) {
            return new Reasoning(Reasoning.Mode.OFF, effort, null, null);
        }
        Reasoning.Mode mode = Boolean.TRUE.equals(on) || budget != null ? Reasoning.Mode.ON : Reasoning.Mode.UNSET;
        return new Reasoning(mode, effort, budget, shown);
    }

    /** With these the thoughts are part of the answer, if they are not excluded. */
    private static boolean shown(JsonNode object) {
        return !object.path("exclude").asBoolean(false);
    }

    private static @Nullable Long count(@Nullable JsonNode node) {
        return node != null && node.isIntegralNumber() && node.asLong() > 0 ? node.asLong() : null;
    }

    private static @Nullable Boolean truth(@Nullable JsonNode node) {
        return node != null && node.isBoolean() ? node.asBoolean() : null;
    }
}
