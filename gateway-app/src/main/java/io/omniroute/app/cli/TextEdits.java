package io.omniroute.app.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes at places of a text, each said by the places that it had before any. What is put in ends its lines as the text does. */
final class TextEdits {

    /** What stands between two places is replaced. */
    private record Edit(int start, int end, String text) {}

    private final String text;
    private final List<Edit> edits = new ArrayList<>();

    TextEdits(String text) {
        this.text = text;
    }

    void replace(int start, int end, String with) {
        edits.add(new Edit(start, end, with));
    }

    void insert(int at, String what) {
        replace(at, at, what);
    }

    /** @param lines each with its end */
    void insertAfterLineOf(int at, String lines) {
        int end = text.indexOf('\n', at);
        if (end >= 0) {
            insert(end + 1, lines);
        } else {
            insert(text.length(), "\n" + lines);
        }
    }

    /** @param lines each with its end */
    void append(String lines) {
        insert(text.length(), text.isEmpty() || text.endsWith("\n") ? lines : "\n" + lines);
    }

    /** The text with all changes; those at one place in the order in which they were made. */
    String result() {
        boolean windows = text.contains("\r\n");
        List<Edit> sorted =
                edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList();
        StringBuilder result = new StringBuilder();
        int read = 0;
        for (Edit edit : sorted) {
            String put = edit.text().replace("\r\n", "\n");
            result.append(text, read, edit.start()).append(windows ? put.replace("\n", "\r\n") : put);
            read = edit.end();
        }
        return result.append(text, read, text.length()).toString();
    }
}
