package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys carry enough chance and tell a typing error. */
class KeySecretTests {

    @Test
    void isLongRandomAndChecked() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String key = KeySecret.generate(new SecureRandom());
            assertThat(key).matches("sk-omni-[0-9A-Za-z]{38}");
            assertThat(KeySecret.isMistyped(key)).isFalse();
            made.add(key.substring(8, 40));
        }
        assertThat(made).hasSize(1_000);
    }

    @Test
    void tellsEverySingleWrongCharacter() {
        String key = KeySecret.generate(new SecureRandom());
        for (int at = 8; at < key.length(); at++) {
            char other = key.charAt(at) == 'x' ? 'y' : 'x';
            assertThat(KeySecret.isMistyped(key.substring(0, at) + other + key.substring(at + 1)))
                    .isTrue();
        }
        assertThat(KeySecret.isMistyped(key + "x")).isTrue();
        assertThat(KeySecret.isMistyped("somebody's own key")).isFalse();
    }

    @Test
    void hidesItself() {
        assertThat(new Secret("CANARY").toString()).doesNotContain("CANARY");
        assertThat(KeyHash.ofWritten(KeyHash.ofKey("k").written())).hasValue(KeyHash.ofKey("k"));
        assertThat(KeyHash.ofWritten("sha256:12")).isEmpty();
    }
}
