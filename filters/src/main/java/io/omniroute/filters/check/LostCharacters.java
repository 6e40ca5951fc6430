package io.omniroute.filters.check;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Finds names in the configuration that Spring would read without their special characters, such as {@code gpt-*} as {@code gpt-}. */
final class LostCharacters {

    private static final String OURS = "omniroute.";
    private static final Pattern IN_BRACKETS = Pattern.compile("\\[[^\\]]*\\]");
    private static final Pattern KEPT = Pattern.compile("[A-Za-z0-9_.-]*");

    private LostCharacters() {}

    static List<String> problems(Environment environment) {
        if (!(environment instanceof ConfigurableEnvironment sources)) {
            return List.of();
        }
        return sources.getPropertySources().stream()
                .filter(source -> !(source instanceof SystemEnvironmentPropertySource))
                .flatMap(source -> source instanceof EnumerablePropertySource<?> names
                        ? Stream.of(names.getPropertyNames())
                        : Stream.empty())
                .filter(name -> name.startsWith(OURS)
                        && !KEPT.matcher(IN_BRACKETS.matcher(name).replaceAll(""))
                                .matches())
                .distinct()
                .map(name -> name + ": has a name with special characters (expected it in brackets and quotes, such as"
                        + " \"[gpt-5*]\", because they are lost else)")
                .toList();
    }
}
