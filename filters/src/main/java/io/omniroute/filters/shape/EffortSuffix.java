package io.omniroute.filters.shape;

import io.omniroute.translators.model.Reasoning;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/** How much a model is to think, said by its name: {@code model-high}, {@code model-thinking}, {@code no-think/model}. A declared name means itself. */
final class EffortSuffix implements ShapingPolicy {

    private static final String NO_THINKING = "no-think/";
    private static final Pattern SUFFIX = Pattern.compile("(.+)-(minimal|low|medium|high|xhigh|max|thinking)");

    @Override
    public Shaped apply(Shaped shaped, HttpHeaders headers) {
        String asked = shaped.call().asked();
        if (shaped.call().catalog().isDeclared(asked)) {
            return shaped;
        }
        return without(asked)
                .map(name -> shaped.asking(name).with(shaped.shape().with(OFF)))
                .orElseGet(() -> suffixed(shaped, asked));
    }

    /** Turns thinking off. */
    static final Reasoning OFF = new Reasoning(Reasoning.Mode.OFF, "none", null, null);

    /** The path of a provider puts its name first. */
    private static Optional<String> without(String asked) {
        int at = asked.startsWith(NO_THINKING) ? 0 : asked.indexOf("/" + NO_THINKING) + 1;
        boolean first = asked.startsWith(NO_THINKING);
        return first || at > 0
                ? Optional.of(asked.substring(0, at) + asked.substring(at + NO_THINKING.length()))
                : Optional.empty();
    }

    private static Shaped suffixed(Shaped shaped, String asked) {
        Matcher suffix = SUFFIX.matcher(asked);
        if (!suffix.matches()) {
            return shaped;
        }
        String effort = suffix.group(2).equals("thinking") ? "medium" : suffix.group(2);
        return shaped.asking(suffix.group(1)).with(shaped.shape().with(ThinkingMode.effort(effort)));
    }
}
