package io.omniroute.filters.shape;

import io.omniroute.config.CheckedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What becomes of calls before anybody decides on them. Nothing by default.
 *
 * @param suffixes whether {@code model-high}, {@code model-thinking} and {@code no-think/model} say how much the model is to think
 * @param compression from which share of the model's context window on a conversation is made shorter; 0 for never
 * @param background work that nobody waits for
 * @param tasks what calls are about
 * @param thinking how much models think
 * @param systemPrompt what all models are told
 */
@ConfigurationProperties("omniroute.shaping")
public record ShapingProperties(
        @DefaultValue("false") boolean suffixes,
        @DefaultValue("0") double compression,
        @DefaultValue Background background,
        @DefaultValue Tasks tasks,
        @DefaultValue Thinking thinking,
        @DefaultValue SystemPrompt systemPrompt)
        implements CheckedSettings {

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (compression < 0 || compression > 1) {
            problems.add("omniroute.shaping.compression: is " + compression + " (expected a share, 0 to 1)");
        }
        problems.addAll(ThinkingMode.problems(thinking));
        return problems;
    }

    /**
     * Work that nobody waits for, and that a cheaper model does.
     *
     * @param models the cheaper model by a pattern of the one that is asked for
     * @param phrases whether short calls are background work, too, whose instructions say so
     */
    public record Background(
            @DefaultValue Map<String, String> models,
            @DefaultValue("false") boolean phrases) {}

    /**
     * What calls are about.
     *
     * @param models what answers a task, by the task: {@code coding}, {@code reasoning}, {@code chat} or {@code vision}
     * @param insteadOf patterns of the names for which that counts
     */
    public record Tasks(
            @DefaultValue Map<String, String> models,
            @DefaultValue("auto") List<String> insteadOf) {}

    /**
     * How much models think.
     *
     * @param mode {@code passthrough}: as the client says; {@code strip}: as the model does by itself; {@code fixed}: by {@code effort};
     *     {@code adaptive}: by {@code effort}, and more the longer the conversation is
     * @param effort {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code xhigh} or {@code max}
     */
    public record Thinking(
            @DefaultValue("passthrough") String mode,
            @DefaultValue("medium") String effort) {}

    /**
     * What all models are told.
     *
     * @param before before all other instructions
     * @param after after them
     */
    public record SystemPrompt(
            @DefaultValue("") String before,
            @DefaultValue("") String after) {}
}
