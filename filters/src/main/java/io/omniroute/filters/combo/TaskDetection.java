package io.omniroute.filters.combo;

import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a call seems to be about, by the words of its last turn, {@code tasks.tsv}. Safe to share. */
public final class TaskDetection {

    private static final String NOTHING = "";

    private final Map<String, List<String>> words = new LinkedHashMap<>();

    /** Reads the words. */
    public TaskDetection() {
        TableFile.rows("tasks.tsv")
                .forEach(row -> words.computeIfAbsent(row.getFirst(), task -> new ArrayList<>())
                        .addAll(row.subList(1, row.size())));
    }

    /** A task; empty if the words say nothing. */
    public String of(byte[] body, JsonLimits json) {
        return of(RequestNeeds.lastWords(body, json));
    }

    String of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String best = NOTHING;
        long most = 0;
        for (Map.Entry<String, List<String>> task : words.entrySet()) {
            long found = task.getValue().stream()
                    .filter(word -> contains(lower, word))
                    .count();
            if (found > most) {
                most = found;
                best = task.getKey();
            }
        }
        return best;
    }

    /** As a word of its own where the script has blanks between words. */
    private static boolean contains(String text, String word) {
        boolean spaced = word.chars().allMatch(c -> c < 0x3000 && Character.isLetterOrDigit(c));
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
            if (!spaced || (begins && ends)) {
                return true;
            }
        }
        return false;
    }
}
