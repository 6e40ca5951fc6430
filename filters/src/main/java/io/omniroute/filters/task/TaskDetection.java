package io.omniroute.filters.task;

import io.omniroute.filters.TableFile;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a call seems to be about, by the words of its last turn, {@code tasks.tsv}. Safe to share. */
public final class TaskDetection {

    /** What only images show. */
    public static final String VISION = "vision";

    private static final String NOTHING = "";
    /** Scripts from here on have no blanks between words. */
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private static final int FIRST_WITHOUT_BLANKS = 0x3000;

    /**
     * What speaks for a task.
     *
     * @param words that stand alone where the script has blanks between words
     * @param phrases that may stand anywhere
     */
    private record Signs(Set<String> words, List<String> phrases) {}

    private final Map<String, Signs> signs = new LinkedHashMap<>();

    /** Reads the words. */
    public TaskDetection() {
        for (List<String> row : TableFile.rows("tasks.tsv", TaskDetection.class)) {
            Signs ofTask =
                    signs.computeIfAbsent(row.getFirst(), task -> new Signs(new LinkedHashSet<>(), new ArrayList<>()));
            for (String written : row.subList(1, row.size())) {
                String sign = plain(written);
                if (!isWord(sign)) {
                    ofTask.phrases().add(sign);
                } else {
                    ofTask.words().add(sign);
                }
            }
        }
    }

    /** The names of all tasks, those that only a model can be good at among them. */
    public Set<String> known() {
        Set<String> known = new TreeSet<>(signs.keySet());
        TableFile.rows("task-fit.tsv", TaskDetection.class).forEach(row -> known.add(row.getFirst()));
        known.remove("*");
        return known;
    }

    /** The names of the tasks that a call can be found to be. */
    public Set<String> detected() {
        Set<String> detected = new TreeSet<>(signs.keySet());
        detected.add(VISION);
        return detected;
    }

    /** A task; empty if the words say nothing. */
    public String of(byte[] body, JsonLimits json) {
        return of(RequestNeeds.lastWords(body, json));
    }

    String of(String text) {
        String lower = plain(text);
        Set<String> words = words(lower);
        String best = NOTHING;
        int most = 0;
        for (Map.Entry<String, Signs> task : signs.entrySet()) {
            int found = 0;
            for (String word : task.getValue().words()) {
                found += words.contains(word) ? 1 : 0;
            }
            for (String phrase : task.getValue().phrases()) {
                found += lower.contains(phrase) ? 1 : 0;
            }
            if (found > most) {
                most = found;
                best = task.getKey();
            }
        }
        return best;
    }

    /** In small letters and without accents, which not everybody writes. */
    private static String plain(String text) {
        return MARKS.matcher(Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD))
                .replaceAll("");
    }

    /** Words end at blanks, and where a script begins that has none: names of languages and tools stand in the middle of Chinese. */
    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        int begin = 0;
        for (int at = 0; at <= text.length(); at++) {
            boolean letter = at < text.length() && Character.isLetterOrDigit(text.charAt(at));
            boolean turns = letter && at > begin && hasBlanks(text.charAt(at)) != hasBlanks(text.charAt(at - 1));
            if (letter && !turns) {
                continue;
            }
            if (at > begin) {
                words.add(text.substring(begin, at));
            }
            begin = turns ? at : at + 1;
        }
        return words;
    }

    private static boolean hasBlanks(int letter) {
        return letter < FIRST_WITHOUT_BLANKS;
    }

    private static boolean isWord(String sign) {
        return sign.chars().allMatch(c -> hasBlanks(c) && Character.isLetterOrDigit(c));
    }
}
