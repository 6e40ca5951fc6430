package io.omniroute.translators.model;

import java.util.List;

/** Whether and which tools the model must use. */
public sealed interface ToolChoice {

    /** As the model likes. */
    record Auto() implements ToolChoice {}

    /** None. */
    record None() implements ToolChoice {}

    /** At least one. */
    record Required() implements ToolChoice {}

    /** This one. */
    record Named(String name) implements ToolChoice {}

    /** Only among these. */
    record Among(List<String> names, boolean required) implements ToolChoice {}
}
