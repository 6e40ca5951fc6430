package io.omniroute.translators.format;

import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What providers' failures mean, by their statuses and words: the tables {@code failures.tsv} and {@code failures-in-answers.tsv}. */
final class FailureRules {

    private static final int COLUMNS = 6;
    private static final String ANY = "-";
    /** A text is looked at no further. */
    private static final int LONGEST = 2_000;

    /** What an error is that says nothing of itself. */
    private static final int FAILURE = 500;
    /** What comes with a request that cannot be answered. */
    private static final int REFUSED = 400;

    private static final List<Rule> TABLE =
            read("failures.tsv").map(line -> rule(line.split("\t", COLUMNS))).toList();

    private static final List<Word> WORDS = read("failures-in-answers.tsv")
            .map(line -> line.split("\t", 2))
            .map(columns -> new Word(columns[0], Integer.parseInt(columns[1])))
            .toList();

    private record Word(String word, int status) {}

    /**
     * A line of the table.
     *
     * @param code a machine-readable code; empty for the kind's usual one
     * @param told what the client is told, with {@code {status}} for the provider's
     */
    record Rule(
            IntPredicate statuses,
            ErrorKind kind,
            ErrorScope scope,
            String code,
            Predicate<VendorError> words,
            String told) {

        /** What the client is told of a failure with that status. */
        String told(int status) {
            return told.replace("{status}", Integer.toString(status));
        }
    }

    private FailureRules() {}

    /** What an error with that status means; the table's last line is for all. */
    static Rule of(int status, VendorError vendor) {
        return TABLE.stream()
                .filter(rule -> rule.statuses().test(status) && rule.words().test(vendor))
                .findFirst()
                .orElseThrow();
    }

    /** The status that would have come with an error inside an answer. */
    static int statusOf(VendorError vendor) {
        return WORDS.stream()
                .filter(word -> vendor.says(word.word()))
                .map(Word::status)
                .findFirst()
                .orElseGet(() -> vendor.statusOr(isTooLong(vendor) ? REFUSED : FAILURE));
    }

    /** Servers that stream say of what is too long for a model neither in a status nor in a code that it is the request. */
    private static boolean isTooLong(VendorError vendor) {
        return of(REFUSED, vendor).kind() == ErrorKind.CONTEXT_TOO_LONG;
    }

    private static Stream<String> read(String name) {
        InputStream table = FailureRules.class.getResourceAsStream(name);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(table, name), StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Rule rule(String[] columns) {
        return new Rule(
                Stream.of(columns[0].split(",")).map(FailureRules::status).reduce(status -> false, IntPredicate::or),
                ErrorKind.valueOf(columns[1]),
                ErrorScope.valueOf(columns[2]),
                columns[3].equals(ANY) ? "" : columns[3],
                words(columns[4]),
                columns[5]);
    }

    private static IntPredicate status(String written) {
        if (written.equals("*")) {
            return status -> true;
        }
        if (written.endsWith("xx")) {
            int hundreds = Integer.parseInt(written.substring(0, 1));
            return status -> status / 100 == hundreds;
        }
        int one = Integer.parseInt(written);
        return status -> status == one;
    }

    private static Predicate<VendorError> words(String written) {
        if (written.equals(ANY)) {
            return vendor -> true;
        }
        if (written.startsWith("=")) {
            String word = written.substring(1);
            return vendor -> vendor.says(word);
        }
        if (written.startsWith("!")) {
            String field = written.substring(1);
            return vendor -> vendor.namesAnotherThan(field);
        }
        Pattern text = Pattern.compile(written, Pattern.CASE_INSENSITIVE);
        return vendor -> text.matcher(looked(vendor.message())).find();
    }

    private static String looked(String message) {
        return message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    }
}
