package io.omniroute.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.redis.secret.SecretsProperties;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeysTests {

    private final String first = MasterKeys.generate();
    private final String second = MasterKeys.generate();

    @Test
    void opensWhatItSealsOnlyWhereItBelongs() {
        MasterKeys keys = keys(first);
        String sealed = keys.seal("sk-secret äöü", "openai/main");
        assertThat(sealed).startsWith("1." + keys.currentId() + ".").doesNotContain("secret");
        assertThat(keys.open(sealed, "openai/main")).isEqualTo("sk-secret äöü");
        assertThatThrownBy(() -> keys.open(sealed, "openai/other")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sealsTheSameTextDifferentlyEachTime() {
        MasterKeys keys = keys(first);
        Set<String> sealed = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            sealed.add(keys.seal("same", "place"));
        }
        assertThat(sealed).hasSize(100);
    }

    /** Every changed byte is noticed. */
    @Test
    void noticesEveryChange() {
        MasterKeys keys = keys(first);
        String sealed = keys.seal("secret", "place");
        int from = sealed.lastIndexOf('.') + 1;
        for (int i = from; i < sealed.length() - 1; i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertThatThrownBy(() -> keys.open(changed, "place"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void opensWithFormerKeysAndSealsWithTheCurrentOne() {
        String sealed = keys(first).seal("secret", "place");
        MasterKeys rotated = keys(second, first);
        assertThat(rotated.open(sealed, "place")).isEqualTo("secret");
        assertThat(MasterKeys.idOf(rotated.seal("secret", "place")))
                .isEqualTo(keys(second).currentId());
        assertThatThrownBy(() -> keys(second).open(sealed, "place"))
                .hasMessageContaining("master key " + keys(first).currentId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"short", "AAAA", "not base64 at all!", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"})
    void refusesWhatIsNoKeyWithoutShowingIt(String written) {
        assertThatThrownBy(() -> keys(written))
                .hasMessageContaining("32 random bytes")
                .hasMessageNotContaining(written);
    }

    @Test
    void cannotSealWithoutAKey() {
        assertThat(keys("").areThere()).isFalse();
        assertThatThrownBy(() -> keys("").seal("x", "y")).hasMessageContaining("OMNIROUTE_MASTER_KEY");
    }

    private static MasterKeys keys(String current, String... former) {
        return MasterKeys.of(new SecretsProperties(current, List.of(former)));
    }
}
