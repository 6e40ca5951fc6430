package io.omniroute.app.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What stands in a configuration file may be a secret. */
class UnreadableYamlAnalyzerTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\nconnections: { main: { api-key: sk-live-CANARY } }}\n",
                "a: 1\napi-key: @sk-live-CANARY\n",
                "a: 1\napi-key: *sk-live-CANARY\n",
                "a: 1\napi-key: !sk-live-CANARY x\n",
                "a: 1\n  sk-live-CANARY: 2\n"
            })
    void saysWhereItIsAndNothingOfIt(String yaml) {
        MarkedYAMLException failure = catchThrowableOfType(MarkedYAMLException.class, () -> new Yaml().load(yaml));
        FailureAnalysis analysis = new UnreadableYamlAnalyzer().analyze(failure);
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).contains("in line 2, column ").doesNotContain("CANARY");
        assertThat(analysis.getAction()).doesNotContain("CANARY");
        assertThat(analysis.getCause().toString()).doesNotContain("CANARY");
    }
}
