package io.omniroute.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** What a person has written stays, whatever they have written, or the file is left as it is. */
class ConfigFileTests {

    private static final TomlMapper TOML = new TomlMapper();

    private static String codex(String existing) {
        return merged(ClientConfig.CODEX, 0, existing);
    }

    private static String proceed(String existing) {
        return merged(ClientConfig.CONTINUE, 0, existing);
    }

    private static String merged(ClientConfig client, int file, String existing) {
        return client.files("http://gw:1", "fast").get(file).merged(existing);
    }

    /** Everything else reads as before, and the second time changes nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model = 'gpt-5' # the old one\n[projects.\"/home/me/repo\"]\ntrust_level = \"trusted\"\n",
                "[profiles.\"team/fast\"]\nmodel = \"mini\"\nmodel_provider = \"openai\"\n",
                "[model_providers.omniroute]\nbase_url = \"http://old\" # old\n[model_providers.\"corp@eu:ä\"]\nname = \"C\"\nbase_url = \"x\"\nwire_api = \"chat\"\n",
                "text = \"\"\"\nmodel = \"x\"\n[model_providers.omniroute]\nname = \"x\"\\\n\"\"\"\"\"\nb = '''\n[a]'''\n",
                "notify = [ # ]\n  \"a]\",\n  [\"b\"], # [c]\n]\nmodel = \"x\"",
                "model_providers.ollama.base_url = \"http://a/v1\"\nmodel=\"x\"\n",
                "model_providers.omniroute.base_url = \"http://a/v1\"\nmodel=\"x\"\n",
                "[model_providers]\nomniroute.base_url = \"http://a/v1\"\nother = { name = \"O\" }\n",
                "[model_providers.omniroute.http_headers]\nx = \"y\"\n[tui]\ntheme = \"x\"",
                "[[hooks]]\nname = \"x\"\n[ model_providers . \"omniroute\" ] # mine\nname=\"O\"\nenv_key=\"MINE\"\n",
                "\"model\" = \"x\"\n'model_provider' = \"y\"\n\"a.b\" = 1979-05-27 07:32:00 # then\n",
                "# nothing but this",
                "a = 1\r\nmodel = \"x\" # c\r\n\r\n[b]\r\nc = \"\"\"\r\n[d]\r\n\"\"\"\r\n"
            })
    void setsWhatCodexNeedsAndNothingElse(String existing) {
        String merged = codex(existing);
        ObjectNode goal = (ObjectNode) TOML.readTree(existing);
        goal.put("model", "fast").put("model_provider", "omniroute");
        ObjectNode own = goal.withObject("/model_providers/omniroute");
        own.put("base_url", "http://gw:1/v1").put("wire_api", "responses");
        if (!own.has("name")) {
            own.put("name", "OmniRoute");
        }
        if (!own.has("env_key")) {
            own.put("env_key", "OMNIROUTE_API_KEY");
        }
        assertThat((JsonNode) TOML.readTree(merged)).isEqualTo(goal);
        assertThat(codex(merged)).isEqualTo(merged);
        existing.lines()
                .filter(line -> line.contains(" # "))
                .forEach(line -> assertThat(merged).contains(line.substring(line.indexOf(" # "))));
        assertThat(merged.contains("\r\n")).isEqualTo(existing.contains("\r\n"));
        assertThat(merged.replace("\r\n", "").contains("\n")).isNotEqualTo(existing.contains("\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[model_providers]^omniroute = { name = \"O\" } | has model_providers.omniroute in one line",
                "model_providers = { omniroute = { name = \"O\" } } | has model_providers in one line",
                "[[model_providers]]^name = \"O\" | has a value where a table is expected",
                "model = | cannot be read as TOML (line 1)",
                "a = 1^a = 2 | cannot be read as TOML",
            })
    void leavesAFileOfCodexThatItCannotChange(String existing, String reason) {
        assertThatThrownBy(() -> codex(existing.replace('^', '\n'))).hasMessageStartingWith(reason);
    }

    @Test
    void aModelOfAnyNameIsWrittenAsWhatItIs() {
        String name = "it's \"a\": \\ [b] #c";
        assertThat(TOML.readTree(ClientConfig.CODEX.text("http://gw:1", name))
                        .path("model")
                        .asString())
                .isEqualTo(name);
        assertThat(ClientConfig.CLAUDE_CODE
                        .files("http://gw:1", name)
                        .getFirst()
                        .merged("{\"env\": {}}"))
                .contains("it's \\\"a\\\": \\\\ [b] #c");
        assertThat(new Yaml()
                        .<Object>load(ClientConfig.CONTINUE.text("http://gw:1", name))
                        .toString())
                .contains("model=" + name);
        assertThat(EnvFile.value(ClientConfig.GEMINI_CLI.text("http://gw:1", "a b#c"), "GEMINI_MODEL"))
                .contains("a b#c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: x\nmodels:\n    # local\n    -   name: L\n        model: l\nmcpServers:\n    - name: OmniRoute\n      command: npx\n",
                "\"name\": x\n\"models\":\n- name: a\n  model: b\n",
                "models: # all\nrules: [a]\n",
                "models: ~ # none\n",
                "models:",
                "models: [] # none yet\nrules:\n  - a\n",
                "models: [{name: a, model: b}]\n",
                "models: [\n  {name: a, model: b}, # c\n  ]\n",
                "{\"name\": \"x\", \"models\": []}\n",
                "{\"name\": \"x\"}",
                "name: \uD83D\uDE00\nmodels:\n  - name: a # \uD83D\uDE00\n    model: b",
                "  name: indented\n  rules: [a]\n",
                "name: x\r\nmodels:\r\n\r\n- name: a\r\n  model: b\r\n"
            })
    void addsAModelToTheListOfContinue(String existing) {
        String merged = proceed(existing);
        assertThat(merged).contains("gw:1", "fast");
        assertThat(proceed(merged)).isEqualTo(merged);
        existing.lines()
                .filter(line -> line.contains("#"))
                .forEach(line -> assertThat(merged).contains(line.substring(line.indexOf('#'))));
        assertThat(merged.replace("\r\n", "").contains("\n") && existing.contains("\r\n"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models:^- provider: openai^  name: OmniRoute^  model: old^  apiBase: http://old | models:^- provider: openai^  name: OmniRoute^  model: fast^  apiBase: http://gw:1/v1",
                "models:^- name: OmniRoute # c^  apiKey: k^- name: Z^  model: z | models:^- name: OmniRoute # c^  model: fast^  apiBase: http://gw:1/v1^  apiKey: k^- name: Z^  model: z",
                "{\"models\": [{\"name\": \"OmniRoute\", \"model\": \"old\"}]} | {\"models\": [{\"name\": \"OmniRoute\", \"apiBase\": \"http://gw:1/v1\", \"model\": \"fast\"}]}"
            })
    void changesItsOwnModelOfContinue(String existing, String expected) {
        assertThat(proceed(existing.replace('^', '\n')).stripTrailing()).isEqualTo(expected.replace('^', '\n'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models: {a: b} | has models that are no list",
                "- a | is not a YAML map",
                "a: [ | cannot be read as YAML",
                "a: 1^---^b: 2 | cannot be read as YAML",
                "a: 1^... | is written in a way",
                "models:^- name: a^models:^- name: b | cannot be read as YAML"
            })
    void leavesAFileOfContinueThatItCannotChange(String existing, String reason) {
        assertThatThrownBy(() -> proceed(existing.replace('^', '\n'))).hasMessageStartingWith(reason);
    }

    @Test
    void theKeyOfClaudeCodeIsWhereItsMemberIs() {
        ConfigFile file = ClientConfig.CLAUDE_CODE.files("http://gw:1", "fast").getFirst();
        String elsewhere = file.merged("{\"permissions\": {\"deny\": [\"Bash(echo $ANTHROPIC_AUTH_TOKEN)\"]}}");
        assertThat(elsewhere).contains("\"ANTHROPIC_AUTH_TOKEN\" : \"" + ConfigFile.KEY);
        assertThat(file.notes(elsewhere)).singleElement().asString().startsWith("put your key");
        assertThat(file.merged("{\"env\": {\"ANTHROPIC_AUTH_TOKEN\": \"\"}}"))
                .contains("\"ANTHROPIC_AUTH_TOKEN\": \"" + ConfigFile.KEY);
        String own = file.merged(
                "{\"env\": {\"ANTHROPIC_AUTH_TOKEN\": \"sk-omni-x\", \"ANTHROPIC_API_KEY\": \"sk-ant-y\"}}");
        assertThat(own).contains("\"sk-omni-x\"").doesNotContain(ConfigFile.KEY);
        assertThat(file.notes(own))
                .singleElement()
                .asString()
                .startsWith("ANTHROPIC_API_KEY in it has to go")
                .doesNotContain("sk-ant");
    }

    @Test
    void saysThatAKeyOfGooglesStays() {
        ConfigFile file = ClientConfig.GEMINI_CLI.files("http://gw:1", "fast").getFirst();
        String merged = file.merged(
                "export GEMINI_API_KEY='AIzaX' # mine\nOTHER=\"a\nGEMINI_MODEL=b\"\nexport GEMINI_MODEL=old   # c\n");
        assertThat(merged)
                .isEqualTo(
                        "export GEMINI_API_KEY='AIzaX' # mine\nOTHER=\"a\nGEMINI_MODEL=b\"\nexport GEMINI_MODEL=fast   # c\nGOOGLE_GEMINI_BASE_URL=http://gw:1\n");
        assertThat(file.notes(merged)).singleElement().asString().contains("a key of the vendor's");
        assertThat(file.merged("GEMINI_API_KEY=\n")).contains("GEMINI_API_KEY=" + ConfigFile.KEY);
    }

    @Test
    void mergesIntoWhatOpenClawReads() {
        String merged = merged(
                ClientConfig.OPENCLAW,
                0,
                "{ models: { 'mode': 'replace', providers: { other: { timeout: +.5, } } }, // mine\n agents: {} }");
        assertThat(merged).contains("'mode': 'replace'", "{ timeout: +.5, }", "// mine", "omniroute/fast");
        assertThatThrownBy(() -> merged(ClientConfig.OPENCLAW, 0, "{ a: 0x1F }"))
                .hasMessageStartingWith("cannot be read as JSON5 (line 1)");
        assertThatThrownBy(() -> merged(ClientConfig.CLAUDE_CODE, 0, "{ a: 1 }"))
                .hasMessageStartingWith("cannot be read as JSON (line 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gw:1", "/v1", "ftp://gw", "http://", "http://a b", "http://gw?x=1", "http://gw/#v1", ""})
    void takesNoAddressThatIsNone(String url) {
        assertThatThrownBy(() -> ClientConfig.checkedRoot(url)).isInstanceOf(IllegalArgumentException.class);
    }
}
