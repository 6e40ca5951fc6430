package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.model.Annotation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A piece of a text with the sources of exactly that piece. Anthropic's citations belong to whole blocks, so a text whose sources
 * name ranges becomes several.
 */
record CitedText(String text, List<Annotation> sources) {

    /** How often sources of no piece in particular are told at most; behind that, where the first piece is that has no others. */
    private static final int MOST = 10_000;

    /** The text cut where its sources' ranges begin and end; ranges that overlap become one. */
    static List<CitedText> of(String text, List<Annotation> sources) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<Annotation> ranged = sources.stream()
                .filter(Annotation::hasRange)
                .sorted(Comparator.comparingInt(Annotation::start))
                .toList();
        if (ranged.isEmpty()) {
            return List.of(new CitedText(text, sources));
        }
        List<Annotation> others =
                sources.stream().filter(source -> !source.hasRange()).toList();
        boolean repeated = (long) others.size() * ranged.size() <= MOST;
        int length = text.codePointCount(0, text.length());
        List<CitedText> pieces = new ArrayList<>();
        int at = 0;
        int from = 0;
        int next = 0;
        while (next < ranged.size() && ranged.get(next).start() < length) {
            int start = Math.max(at, ranged.get(next).start());
            int end = start;
            List<Annotation> cited = new ArrayList<>();
            do {
                end = Math.clamp(ranged.get(next).end(), end, length);
                cited.add(ranged.get(next++));
            } while (next < ranged.size() && ranged.get(next).start() < end);
            int before = from;
            from = add(text, from, start - at, others, pieces);
            others = from > before && !repeated ? List.of() : others;
            from = add(text, from, end - start, cited, pieces);
            at = end;
        }
        add(text, from, length - at, others, pieces);
        return pieces;
    }

    /** Adds the text's next code points; gives back the place behind them, in characters. */
    private static int add(String text, int from, int points, List<Annotation> sources, List<CitedText> pieces) {
        if (points <= 0) {
            return from;
        }
        int to = text.offsetByCodePoints(from, points);
        pieces.add(new CitedText(text.substring(from, to), sources));
        return to;
    }
}
