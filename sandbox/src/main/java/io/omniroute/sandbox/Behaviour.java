package io.omniroute.sandbox;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the sandbox can be told to do, by words between hyphens in the name of a model ({@code sandbox/slow-200ms-cut}), in
 * the connection's key, or in a script. Words that are none of these mean nothing. The table in {@code docs/sandbox.md} is
 * this enum.
 */
public enum Behaviour {
    STATUS("<status>", "([45]\\d\\d)", "answers with this status (400 to 599) and the vendor's error for it"),
    RETRY_AFTER("retry-<time>", "retry-(\\d+m?s)", "puts Retry-After, rounded up to seconds, on an error"),
    SLOW("slow-<time>", "slow-(\\d+m?s)", "waits this long before the head of its response"),
    SLOW_FIRST(
            "think-<time>",
            "think-(\\d+m?s)",
            "sends the head of a stream, then waits this long for its first content"),
    DRIP("drip-<time>", "drip-(\\d+m?s)", "waits this long between the events of a stream"),
    WORDS("words-<count>", "words-(\\d+)", "answers with this many words"),
    ROUNDS("rounds-<count>", "rounds-(\\d+)", "calls tools until they have answered this many times"),
    THOUGHT("thought", "thought", "thinks before it answers, and signs its thoughts where the vendor does"),
    TAGGED("tagged", "tagged", "writes a thought into its text, between <think> tags"),
    CITED("cited", "cited", "names a page of the web as the source of its text"),
    PAUSE(
            "pause-<count>",
            "pause-(\\d+)",
            "with a search of the web and Anthropic's format: pauses this many times, having searched, before it answers"),
    PARALLEL("parallel", "parallel", "calls every tool at once instead of the first"),
    FIRST_ERROR("first-error", "first-error", "sends an error as the first event of a stream, in a 200"),
    LATE_ERROR("late-error", "late-error", "sends an error as an event after half of the answer"),
    ERROR_200("error-200", "error-200", "answers 200 with an error as the body"),
    CUT("cut", "cut", "closes the connection after half of the answer"),
    RESET("reset", "reset", "closes the connection before the head of its response"),
    DROP("drop", "drop", "sends the head of its response and closes the connection"),
    CONTEXT("context", "context", "refuses the request as too long for the model's context window"),
    NO_FINISH("no-finish", "no-finish", "ends a stream without a finish_reason, with [DONE]"),
    NO_DONE("no-done", "no-done", "ends a stream without [DONE]"),
    NO_USAGE("no-usage", "no-usage", "never reports usage"),
    MALFORMED("malformed", "malformed", "sends an event, or a body, that is not JSON"),
    HANG("hang", "hang", "takes the request and never answers"),
    STALL("stall", "stall", "sends half of the answer and then nothing more"),
    HTML("html", "html", "answers an error as a page of HTML"),
    WHOLE("whole", "whole", "answers with a whole body where a stream is asked for"),
    EMPTY("empty", "empty", "answers 200 with an empty body"),
    CRLF("crlf", "crlf", "ends the lines of a stream with CRLF"),
    COMMENTS("comments", "comments", "puts comments between the events of a stream"),
    BYTES("bytes", "bytes", "sends a stream byte by byte"),
    GZIP("gzip", "gzip", "compresses its answer, which nobody has asked for"),
    HUGE("huge", "huge", "sends one event of 2 MB, or a body of 20 MB"),
    MISSING("missing", "missing", "does not know the model: 404"),
    LINGER("linger", "linger", "keeps the connection open after the end of a stream");

    private final String written;
    private final Pattern pattern;
    private final String meaning;

    Behaviour(String written, String pattern, String meaning) {
        this.written = written;
        this.pattern = Pattern.compile("(?:^|[-/:_])" + pattern + "(?=$|[-:_])");
        this.meaning = meaning;
    }

    /** How it is written. */
    public String written() {
        return written;
    }

    /** What the sandbox does, as a sentence without its subject. */
    public String meaning() {
        return meaning;
    }

    /** The behaviours that a text asks for, each with its value (empty where it has none). */
    static Map<Behaviour, String> in(String text) {
        Map<Behaviour, String> found = new EnumMap<>(Behaviour.class);
        for (Behaviour behaviour : values()) {
            // a count is not a status
            String searched = behaviour == STATUS ? withoutCounts(text) : text;
            Matcher matcher = behaviour.pattern.matcher(searched);
            if (matcher.find()) {
                found.put(behaviour, matcher.groupCount() > 0 ? matcher.group(1) : "");
            }
        }
        return found;
    }

    private static String withoutCounts(String text) {
        String without = text;
        for (Behaviour count : List.of(WORDS, ROUNDS, PAUSE)) {
            without = count.pattern.matcher(without).replaceAll("");
        }
        return without;
    }

    /** A time as it is written: {@code 200ms} or {@code 3s}. */
    static Duration time(String value) {
        return value.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
                : Duration.ofSeconds(Long.parseLong(value.substring(0, value.length() - 1)));
    }
}
