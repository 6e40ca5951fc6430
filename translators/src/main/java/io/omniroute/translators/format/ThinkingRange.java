package io.omniroute.translators.format;

import java.util.List;
import java.util.Set;

/**
 * How little and how much a model can be told to think.
 *
 * @param efforts the words that it knows, in OpenAI's spelling; empty if that is not known, and then it is told the usual ones
 * @param least the smallest budget that it takes, in tokens
 * @param most the largest one
 * @param stops whether it can be told not to think at all
 */
public record ThinkingRange(Set<String> efforts, long least, long most, boolean stops) {

    /** Nothing is known: everything may be said. */
    public static final ThinkingRange UNKNOWN = new ThinkingRange(Set.of(), 0, Long.MAX_VALUE, true);

    private static final List<String> ORDER =
            List.of("none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra");

    /** What every model knows that knows words for it. */
    private static final Set<String> USUAL = Set.of("low", "medium", "high");

    public ThinkingRange {
        efforts = Set.copyOf(efforts);
    }

    /** The word that the model knows and that is nearest to this one: the next higher, else the highest. */
    public String nearest(String effort) {
        Set<String> known = efforts.isEmpty() ? USUAL : efforts;
        int wanted = ORDER.indexOf(effort);
        if (known.contains(effort) || wanted < 0) {
            return effort;
        }
        return ORDER.stream()
                .skip(wanted)
                .filter(known::contains)
                .findFirst()
                .or(() -> ORDER.reversed().stream().filter(known::contains).findFirst())
                .orElse(effort);
    }

    /** The budget that the model takes and that is nearest to this one. */
    public long nearest(long budget) {
        return Math.clamp(budget, Math.min(least, most), most);
    }
}
