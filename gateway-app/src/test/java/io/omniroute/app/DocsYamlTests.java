package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.check.ConfigurationCheck;
import io.omniroute.app.local.SandboxProvider;
import io.omniroute.config.KeyHash;
import io.omniroute.filters.autoconfigure.FiltersAutoConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** What the pages show works beside the providers of the README, in the default profile. */
class DocsYamlTests {

    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```yaml\n(.*?)^ *```");

    /** What the pages name beside the README's, each account for whoever has more than one. */
    private static final String FURTHER = """
            omniroute.providers:
              claude.connections: { one: {}, two: {}, first: {}, second: {} }
              groq.connections: { spare: {} }
              gemini: { base-url: "https://generativelanguage.googleapis.com/v1beta", formats: [gemini] }
              local: { base-url: "http://127.0.0.1:8000/v1", formats: [openai-chat] }
            """;

    private static final Map<String, Object> VARIABLES = Map.of(
            "OPENAI_API_KEY", "x",
            "ANTHROPIC_API_KEY", "x",
            "GROQ_API_KEY", "x",
            "CI_KEY_HASH", KeyHash.ofKey("x").written());

    @ParameterizedTest
    @MethodSource
    void isGood(Path page, String block) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment.setActiveProfiles("default");
        environment.getPropertySources().addFirst(new MapPropertySource("variables", VARIABLES));
        add(environment, text(block.replace("sha256:...", "${CI_KEY_HASH}")));
        add(environment, text(FURTHER));
        add(environment, text(blocks(ROOT.resolve("README.md")).findFirst().orElseThrow()));
        add(environment, new FileSystemResource("src/main/resources/application-default.yml"));
        add(environment, new FileSystemResource("src/main/resources/application.yml"));
        new SandboxProvider().postProcessEnvironment(environment, new SpringApplication());
        assertThat(new ConfigurationCheck(environment, FiltersAutoConfiguration.STRATEGIES).problems())
                .as("%s", page)
                .isEmpty();
    }

    static Stream<Arguments> isGood() throws IOException {
        return pages().flatMap(page -> blocks(page).map(block -> Arguments.of(page, block)));
    }

    @Test
    void areMany() throws IOException {
        assertThat(isGood()).hasSizeGreaterThan(35);
    }

    private static Stream<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.sorted())
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList()
                    .stream();
        }
    }

    private static Stream<String> blocks(Path page) {
        try {
            return BLOCK.matcher(Files.readString(page))
                    .results()
                    .map((MatchResult block) -> block.group(1).stripIndent());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Resource text(String yaml) {
        return new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(StandardEnvironment environment, Resource yaml) throws IOException {
        String name = "yaml " + environment.getPropertySources().size();
        List.copyOf(new YamlPropertySourceLoader().load(name, yaml)).forEach(environment.getPropertySources()::addLast);
    }
}
