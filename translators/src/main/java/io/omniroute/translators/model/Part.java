package io.omniroute.translators.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A piece of a message. */
public sealed interface Part {

    /** Text. */
    record Text(String text, @Nullable CacheMark cache, Extra extra) implements Part {

        /** Text and nothing else. */
        public static Text of(String text) {
            return new Text(text, null, Extra.NONE);
        }
    }

    /**
     * A picture.
     *
     * @param detail how closely to look, in OpenAI's words, or {@code null}
     */
    record Image(
            Media media, @Nullable String detail, @Nullable CacheMark cache, Extra extra) implements Part {}

    /**
     * A document.
     *
     * @param title its file name or title, or {@code null}
     */
    record Document(
            Media media, @Nullable String title, @Nullable CacheMark cache, Extra extra) implements Part {}

    /** A sound. */
    record Audio(Media media, Extra extra) implements Part {}

    /** A moving picture. */
    record Video(Media media, Extra extra) implements Part {}

    /** What the model said instead of an answer, in an earlier turn. */
    record Refusal(String text) implements Part {}

    /**
     * What the model thought in an earlier turn.
     *
     * @param text what is shown of it, which may be nothing
     * @param opaque what proves it or encrypts it, if anything does
     */
    record Thought(String text, @Nullable Opaque opaque) implements Part {}

    /**
     * A call that the model made.
     *
     * @param arguments JSON as the model wrote it, which may be invalid or empty
     * @param custom whether it is a free-form tool, whose arguments are no JSON
     * @param opaque a signature of the call, if it has one
     */
    record ToolCall(
            String id,
            String name,
            String arguments,
            boolean custom,
            @Nullable Opaque opaque,
            @Nullable CacheMark cache,
            Extra extra)
            implements Part {

        /** A call without fields of one format alone. */
        public ToolCall(
                String id,
                String name,
                String arguments,
                boolean custom,
                @Nullable Opaque opaque,
                @Nullable CacheMark cache) {
            this(id, name, arguments, custom, opaque, cache, Extra.NONE);
        }

        /** The same call with other arguments. */
        public ToolCall withArguments(String other) {
            return new ToolCall(id, name, other, custom, opaque, cache, extra);
        }

        /** The same call under another id. */
        public ToolCall withId(String other) {
            return new ToolCall(other, name, arguments, custom, opaque, cache, extra);
        }
    }

    /**
     * What a tool answered.
     *
     * @param name the tool's name, or {@code null} where the format does not say
     */
    record ToolResult(
            String callId,
            @Nullable String name,
            boolean error,
            List<Part> content,
            boolean custom,
            @Nullable CacheMark cache,
            Extra extra)
            implements Part {

        /** The same answer in other words. */
        public ToolResult withContent(List<Part> other) {
            return new ToolResult(callId, name, error, other, custom, cache, extra);
        }

        /** The same answer to a call of another id. */
        public ToolResult withCallId(String other) {
            return new ToolResult(other, name, error, content, custom, cache, extra);
        }

        /** An answer without fields of one format alone. */
        public ToolResult(
                String callId,
                @Nullable String name,
                boolean error,
                List<Part> content,
                boolean custom,
                @Nullable CacheMark cache) {
            this(callId, name, error, content, custom, cache, Extra.NONE);
        }

        /** The same with fields that only one format knows. */
        public ToolResult with(Extra other) {
            return new ToolResult(callId, name, error, content, custom, cache, other);
        }
    }

    /** Something that only one format knows, as it was sent. */
    record Native(String format, JsonNode raw) implements Part {}
}
