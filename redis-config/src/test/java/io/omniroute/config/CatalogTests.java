package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What names mean, and what is wrong with what is written. */
class CatalogTests {

    private static final Catalog CATALOG = catalog(Map.ofEntries(
            Map.entry("omniroute.providers.openai.base-url", "https://api.openai.com/v1/"),
            Map.entry("omniroute.providers.openai.formats", "openai-chat"),
            Map.entry("omniroute.providers.openai.connections.main.api-key", "x"),
            Map.entry("omniroute.providers.openai.connections.spare.api-key", "y"),
            Map.entry("omniroute.providers.openai.models.gpt-5.operations", "chat"),
            Map.entry("omniroute.providers.openai.models.shared.operations", "chat"),
            Map.entry("omniroute.providers.groq.base-url", "https://api.groq.com/openai/v1"),
            Map.entry("omniroute.providers.groq.formats", "openai-chat"),
            Map.entry("omniroute.providers.groq.connections.main.api-key", "x"),
            Map.entry("omniroute.providers.groq.models[openai/gpt-oss].operations", "chat"),
            Map.entry("omniroute.providers.groq.models[meta/llama].operations", "chat"),
            Map.entry("omniroute.providers.groq.models.shared.operations", "chat"),
            Map.entry("omniroute.providers.closed.base-url", "http://localhost:1"),
            Map.entry("omniroute.providers.closed.formats", "openai-chat"),
            Map.entry("omniroute.providers.closed.undeclared-models", "refuse"),
            Map.entry("omniroute.providers.closed.connections.main.enabled", "true"),
            Map.entry("omniroute.providers.closed.models.only.operations", "chat"),
            Map.entry("omniroute.combos.best.targets", "openai/gpt-5@spare,groq/meta/llama"),
            Map.entry("omniroute.aliases.fast", "groq/llama"),
            Map.entry("omniroute.aliases.faster", "fast"),
            Map.entry("omniroute.aliases.smart", "best"),
            Map.entry("omniroute.aliases[claude-*]", "openai/gpt-5"),
            Map.entry("omniroute.aliases[claude-sonnet-*]", "best"),
            Map.entry("omniroute.aliases[[llama3.1:8b]]", "groq/meta/llama")));

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-5,openai/gpt-5",
        "openai/anything,openai/anything",
        "groq/openai/gpt-oss,groq/openai/gpt-oss",
        "openai/gpt-oss,openai/gpt-oss", // the first segment is a provider
        "meta/llama,groq/meta/llama", // it is not, and one provider has the whole as a model
        "gpt-5,openai/gpt-5",
        "fast,groq/llama",
        "faster,groq/llama",
        "Claude-Opus-9,openai/gpt-5",
        "closed/only,closed/only"
    })
    void resolvesToOneTarget(String asked, String target) {
        Resolution.Found found = (Resolution.Found) CATALOG.resolve(asked);
        assertThat(found.combo().targets()).extracting(Target::name).containsExactly(target);
    }

    @Test
    void resolvesToACombo() {
        for (String name : List.of("best", "smart", "claude-sonnet-4")) {
            Resolution.Found found = (Resolution.Found) CATALOG.resolve(name);
            assertThat(found.combo().name()).isEqualTo("best");
            assertThat(found.named()).isTrue();
        }
        Target first = CATALOG.combos().get("best").targets().getFirst();
        assertThat(first.connection()).hasValue("spare");
        assertThat(first.name()).isEqualTo("openai/gpt-5");
    }

    /** What is there without being declared may stand in a combo, and does not stand in itself. */
    @Test
    void takesUndeclaredCombosAsMembers() {
        Catalog catalog = catalog(Map.of(
                "omniroute.providers.p.base-url", "http://localhost:1",
                "omniroute.providers.p.formats", "openai-chat",
                "omniroute.providers.p.connections.main.enabled", "true",
                "omniroute.providers.p.connections.spare.enabled", "true",
                "omniroute.providers.p.models.one.operations", "chat",
                "omniroute.combos.all.targets", "p/two@spare,auto,provider/p"));
        Combo all = catalog.combos().get("all");
        assertThat(all.members()).hasSize(3);
        assertThat(((Nested) all.members().get(1)).combo().targets())
                .extracting(Target::name)
                .containsExactly("p/one", "p/two");
        assertThat(((Nested) all.members().get(2)).combo().targets())
                .extracting(Target::name)
                .containsExactly("p/one", "p/two");
    }

    @ParameterizedTest
    @CsvSource({"nope", "closed/other", "openai/", "openai/../x", "'openai/a b'", "''", "nobody/gpt"})
    void doesNotKnow(String asked) {
        assertThat(CATALOG.resolve(asked)).isInstanceOf(Resolution.Unknown.class);
    }

    @Test
    void saysWhichModelsOneNameCouldBe() {
        Resolution.Ambiguous several = (Resolution.Ambiguous) CATALOG.resolve("shared");
        assertThat(several.candidates()).containsExactlyInAnyOrder("openai/shared", "groq/shared");
    }

    @Test
    void aTeamBoundsItsKeys() {
        Catalog catalog = catalog(Map.of(
                "omniroute.providers.p.base-url", "http://localhost",
                "omniroute.providers.p.formats", "f",
                "omniroute.providers.p.connections.c.enabled", "true",
                "omniroute.teams.t.models", "p/a*"));
        assertThat(may(catalog, "t", "*", "p/a1")).isTrue();
        assertThat(may(catalog, "t", "*", "p/b")).isFalse();
        assertThat(may(catalog, "t", "", "p/a1")).isTrue();
        assertThat(may(catalog, "t", "p/a2", "p/a1")).isFalse();
        assertThat(may(catalog, "other", "", "p/a1")).isFalse();
        assertThat(may(catalog, "other", "*", "p/b")).isTrue();
        ApiKey bounded = key("other", "*").ofDeclaredTeam();
        assertThat(catalog.callable(bounded, (Resolution.Found) catalog.resolve("p/b")))
                .as("a team that is declared no more")
                .isEmpty();
    }

    @Test
    void namesEveryFaultAtOnce() {
        List<String> problems = CatalogReader.problems(
                written(Map.ofEntries(
                        Map.entry("omniroute.providers.bad.base-url", "ftp://x"),
                        Map.entry("omniroute.providers.bad.undeclared-models", "maybe"),
                        Map.entry("omniroute.providers.bad.connections.c.api-key", "${NOT_THERE}"),
                        Map.entry("omniroute.combos.c.targets", "nobody/x,bad/../y"),
                        Map.entry("omniroute.combos.empty.strategy", "priority"),
                        Map.entry("omniroute.combos.round.targets", "about"),
                        Map.entry("omniroute.combos.about.targets", "round"),
                        Map.entry("omniroute.combos.round.retries", "11"),
                        Map.entry("omniroute.combos.panel.strategy", "fusion"),
                        Map.entry("omniroute.combos.panel.targets", "bad/x,bad/y"),
                        Map.entry("omniroute.combos.panel.panel-most", "1"),
                        Map.entry("omniroute.combos.around.targets", "panel,bad/x"),
                        Map.entry("omniroute.combos.round.wait-for-cooldown", "-1s"),
                        Map.entry("omniroute.aliases.a", "b"),
                        Map.entry("omniroute.aliases.b", "a"),
                        Map.entry("omniroute.aliases.lost", "nothing"),
                        Map.entry("omniroute.aliases.c", "bad/x"),
                        Map.entry("omniroute.teams.t.keys.k.hash", "md5:1"),
                        Map.entry("omniroute.teams.t.keys.l.expires", "tomorrow"),
                        Map.entry("omniroute.teams[two words].models", "*"),
                        Map.entry("omniroute.teams.t.keys[a b].hash", "sha256:" + "0".repeat(64)))),
                List.of());
        assertThat(String.join("\n", problems))
                .contains("bad.base-url: is not an http or https URL")
                .contains("bad.formats: is missing")
                .contains("bad.undeclared-models: is \"maybe\" (expected call or refuse)")
                .contains("needs the variable NOT_THERE, which is not set")
                .contains("targets[0]: \"nobody/x\" does not begin with a provider")
                .contains("targets[1]: \"../y\" is not a model")
                .contains("combos.empty.targets: is missing")
                .containsAnyOf(
                        "combos.about.targets[0]: leads back to itself",
                        "combos.round.targets[0]: leads back to itself")
                .contains("combos.panel.panel-most: is 1 (expected 2 to 100)")
                .contains("combos.around.targets[0]: \"panel\" answers by several calls (fusion)")
                .contains("combos.round.retries: is 11 (expected 0 to 10)")
                .contains("combos.round.wait-for-cooldown: is negative")
                .contains("aliases.a: leads back to itself")
                .contains("aliases.lost: \"nothing\" is no alias, combo or model")
                .contains("combos.c: there is an alias of the same name")
                .contains("keys.k.hash: is not a hash")
                .contains("keys.l.expires: is \"tomorrow\"")
                .contains("teams.two words: the name must be 1 to 64 letters")
                .contains("teams.t.keys.a b: the name must be 1 to 64 letters");
    }

    @ParameterizedTest
    @CsvSource({
        "a*,abc,true",
        "a*c,abbc,true",
        "a*c,abb,false",
        "*,a/b/c,true",
        "a?c,abc,true",
        "a?c,ac,false",
        "**,x,true"
    })
    void matchesGlobs(String pattern, String name, boolean matches) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
    }

    private static boolean may(Catalog catalog, String team, String models, String asked) {
        return catalog.callable(key(team, models), (Resolution.Found) catalog.resolve(asked))
                .isPresent();
    }

    private static ApiKey key(String team, String models) {
        List<String> patterns = models.isEmpty() ? List.of() : List.of(models);
        return new ApiKey(
                "k", KeyHash.ofKey("k"), "o", team, ModelPatterns.of(patterns), Set.of(), Set.of(), null, true);
    }

    private static Catalog catalog(Map<String, String> settings) {
        return CatalogReader.read(written(settings), List.of());
    }

    private static CatalogProperties written(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("omniroute", CatalogProperties.class);
    }
}
