package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.config.Deadlines;
import io.omniroute.filters.combo.Strategies;
import io.omniroute.redis.RedisKeys;
import io.omniroute.translators.model.Loss;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** What the documents say is what the code does. */
class DocsTests {

    private static final Path ROOT = Path.of("..");

    @Test
    void describesEverySettingAndNoOther() throws IOException, ClassNotFoundException {
        TreeMap<String, String> settings = new TreeMap<>();
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        for (BeanDefinition found : scanner.findCandidateComponents("io.omniroute")) {
            Class<?> type = Class.forName(found.getBeanClassName());
            collect(type.getAnnotation(ConfigurationProperties.class).value(), type.asSubclass(Record.class), settings);
        }
        String page = Files.readString(ROOT.resolve("docs/configuration.md"));
        TreeMap<String, String> described = new TreeMap<>();
        Matcher rows = Pattern.compile("(?m)^\\| `(omniroute\\.[^`]+)` \\| `?([^`|]*?)`? \\| ")
                .matcher(page);
        while (rows.find()) {
            described.put(rows.group(1), rows.group(2));
        }
        assertThat(described).isEqualTo(settings);
    }

    @Test
    void describesEveryVariable() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/configuration.md"));
        Set<String> found = new HashSet<>();
        for (String file : List.of("application.yml", "application-default.yml", "application-prod.yml")) {
            Matcher variables = Pattern.compile("\\$\\{([A-Z][A-Z_]+)")
                    .matcher(Files.readString(Path.of("src/main/resources", file)));
            while (variables.find()) {
                found.add(variables.group(1));
                assertThat(page).contains("`" + variables.group(1) + "`");
            }
        }
        assertThat(found).hasSizeGreaterThan(5);
    }

    @Test
    void describesEveryStrategy() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/strategies/README.md"));
        for (String strategy : Strategies.all().keySet()) {
            assertThat(index).contains("| [`" + strategy + "`](" + strategy + ".md) |");
            assertThat(ROOT.resolve("docs/strategies/" + strategy + ".md"))
                    .content()
                    .contains("strategy: " + strategy);
        }
    }

    @Test
    void listsEveryRedisKeyAndSpellsThemInOnePlace() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/redis-keys.md"));
        for (Field key : RedisKeys.class.getFields()) {
            assertThat(page).contains("| `" + key.get(null) + "` |");
        }
        Matcher made = Pattern.compile("\"(omniroute:\\{[a-z-]+)")
                .matcher(
                        Files.readString(ROOT.resolve("redis-config/src/main/java/io/omniroute/redis/RedisKeys.java")));
        while (made.find()) {
            assertThat(page).contains("| `" + made.group(1));
        }
        try (Stream<Path> sources = Files.walk(ROOT)) {
            List<Path> spelling = sources.filter(file -> file.toString().contains("/src/main/"))
                    .filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith(".lua"))
                    .filter(file -> read(file).contains("omniroute:{"))
                    .toList();
            assertThat(spelling).singleElement().asString().endsWith("RedisKeys.java");
        }
    }

    @Test
    void hasAPageForEveryPolicyFilter() throws IOException {
        try (Stream<Path> sources = Files.walk(ROOT.resolve("filters/src/main/java"))) {
            sources.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("GatewayFilterFactory.java"))
                    .map(name -> name.replace("GatewayFilterFactory.java", ""))
                    .forEach(name -> assertThat(ROOT.resolve("docs/filters/" + hyphens(name) + ".md"))
                            .content()
                            .startsWith("# " + name + "\n")
                            .contains("  - " + name.replace("ListModels", "id: models")));
        }
    }

    @Test
    void explainsEveryLoss() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/translation.md"));
        for (Loss.Code code : Loss.Code.values()) {
            assertThat(page).contains("`" + code.id() + "`");
        }
    }

    @Test
    void hasNoDeadLinks() throws IOException {
        List<String> dead = new ArrayList<>();
        try (Stream<Path> pages = Stream.concat(
                Files.walk(ROOT.resolve("docs")),
                Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md").map(ROOT::resolve))) {
            pages.filter(page -> page.toString().endsWith(".md")).forEach(page -> {
                Matcher links = Pattern.compile("]\\(([^)#:]+)\\)").matcher(read(page));
                while (links.find()) {
                    if (!Files.exists(page.resolveSibling(links.group(1)))) {
                        dead.add(page + " -> " + links.group(1));
                    }
                }
            });
        }
        assertThat(dead).isEmpty();
    }

    private static void collect(String prefix, Class<?> type, TreeMap<String, String> settings) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + hyphens(component.getName());
            Class<?> of = component.getType();
            Type generic = component.getGenericType();
            if (of == Deadlines.Override.class) {
                settings.put(name + ".*", "");
            } else if (of.isRecord()) {
                collect(name, of, settings);
            } else if (generic instanceof ParameterizedType parameters
                    && parameters.getActualTypeArguments()[parameters.getActualTypeArguments().length - 1]
                            instanceof Class<?> element
                    && element.isRecord()) {
                collect(name + (of == List.class ? "[]" : ".*"), element, settings);
            } else {
                settings.put(name, defaultOf(type, component));
            }
        }
    }

    private static String defaultOf(Class<?> type, RecordComponent component) {
        int index = 0;
        while (!type.getRecordComponents()[index].getName().equals(component.getName())) {
            index++;
        }
        DefaultValue value = type.getDeclaredConstructors()[0].getParameters()[index].getAnnotation(DefaultValue.class);
        return value == null ? "" : String.join(",", value.value());
    }

    private static String hyphens(String name) {
        return name.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
