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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What providers' words mean where their status alone does not say it: the table {@code failures.tsv}. */
final class FailureTexts {

    private static final int COLUMNS = 5;
    /** A text is looked at no further. */
    private static final int LONGEST = 2_000;

    private static final List<Meaning> TABLE = read();

    /**
     * A line of the table.
     *
     * @param code a machine-readable code; empty for the kind's usual one
     */
    record Meaning(Set<String> statuses, ErrorKind kind, ErrorScope scope, String code, Pattern text) {}

    private FailureTexts() {}

    /** What a message with that status means, if the table says so. */
    static Optional<Meaning> of(int status, String message) {
        String written = Integer.toString(status);
        String looked = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
        return TABLE.stream()
                .filter(line -> line.statuses().contains(written))
                .filter(line -> line.text().matcher(looked).find())
                .findFirst();
    }

    private static List<Meaning> read() {
        InputStream table = FailureTexts.class.getResourceAsStream("failures.tsv");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(table, "failures.tsv"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> meaning(line.split("\t", COLUMNS)))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Meaning meaning(String[] columns) {
        return new Meaning(
                Set.of(columns[0].split(",")),
                ErrorKind.valueOf(columns[1]),
                ErrorScope.valueOf(columns[2]),
                columns[3].equals("-") ? "" : columns[3],
                Pattern.compile(columns[4], Pattern.CASE_INSENSITIVE));
    }
}
