package io.omniroute.translators.model;

import java.util.List;

/** Whether and which tools the model must use. */
public sealed interface ToolChoice {

    /**
     * As the model likes.
     *
     * @param validated whether what it calls with follows the tools' schemas, which only Gemini has as a choice
     */
    record Auto(boolean validated) implements ToolChoice {

        /** Without such a promise. */
        public Auto() {
            this(false);
        }
    }

    /** None. */
    record None() implements ToolChoice {}

    /** At least one. */
    record Required() implements ToolChoice {}

    /** This one. */
    record Named(String name) implements ToolChoice {}

    /**
     * One that the provider runs itself.
     *
     * @param kind the tool's type, in the words of the format that it came in
     */
    record Hosted(String kind) implements ToolChoice {

        /** What the search of the web is called, in any of its versions. */
        private static final String SEARCH = "web_search";

        /** Whether it is the search of the web. */
        public boolean isSearch() {
            return kind.startsWith(SEARCH);
        }
    }

    /** Only among these. */
    record Among(List<String> names, boolean required) implements ToolChoice {}
}
