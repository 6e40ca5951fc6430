package io.omniroute.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redis in one line, in all its arrangements. */
class RedisUrlTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "redis://h STANDALONE false 1 0",
                "redis://h:7000/3 STANDALONE false 1 3",
                "rediss://:p%40ss@h:6380 STANDALONE true 1 0",
                "redis-sentinel://h1,h2:26380/1#mymaster SENTINEL false 2 1",
                "rediss-sentinel://u:p@h1,h2#m SENTINEL true 2 0",
                "redis-cluster://h1:7000,h2,h3 CLUSTER false 3 0",
                "rediss-cluster://h1 CLUSTER true 1 0",
                "redis://[::1]:6379 STANDALONE false 1 0"
            })
    void reads(String text, RedisUrl.Kind kind, boolean tls, int nodes, int database) {
        RedisUrl url = RedisUrl.of(text);
        assertThat(url.kind()).isEqualTo(kind);
        assertThat(url.tls()).isEqualTo(tls);
        assertThat(url.nodes()).hasSize(nodes);
        assertThat(url.database()).isEqualTo(database);
        RedisUrlConnectionDetails details = new RedisUrlConnectionDetails(url, null);
        assertThat(details.getSslBundle() != null).isEqualTo(tls);
        assertThat(details.getStandalone() != null).isEqualTo(kind == RedisUrl.Kind.STANDALONE);
        assertThat(details.getSentinel() != null).isEqualTo(kind == RedisUrl.Kind.SENTINEL);
        assertThat(details.getCluster() != null).isEqualTo(kind == RedisUrl.Kind.CLUSTER);
    }

    @Test
    void decodesUserAndPassword() {
        RedisUrl url = RedisUrl.of("redis://us%3Aer:p%40s+s@h");
        assertThat(url.username()).isEqualTo("us:er");
        assertThat(url.password()).isEqualTo("p@s+s");
        assertThat(url.toString()).doesNotContain("p@s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h                 | is not a Redis URL",
                "redis://                 | is not a Redis URL",
                "redis://h:99999          | has the port 99999",
                "redis://h1,h2            | names several servers",
                "redis-sentinel://h1      | names sentinels but no master",
                "redis-cluster://h/2      | has only 0",
                "redis://h#m              | only redis-sentinel:// has",
                "redis://:100%sure@h      | has a % in its user or password",
                "redis://:100%@h          | has a % in its user or password",
                "redis://:secret@h h      | where a host or host:port was expected",
                "redis://:a@secret@h      | where a host or host:port was expected"
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> RedisUrl.of(text))
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }
}
