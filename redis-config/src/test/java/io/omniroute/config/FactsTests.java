package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is known of models. */
class FactsTests {

    private static final Map<String, Object> PRICES = Map.of("input-price", 3_000_000, "output-price", 15_000_000);

    @Test
    void pricesTokensByWhereTheyComeFrom() {
        Facts facts =
                Facts.of(PRICES).with(Facts.of(Map.of("cache-read-price", 300_000, "cache-write-price", 3_750_000)));
        assertThat(facts.price(1_000, 0, 0, 100)).hasValue(3_000 + 1_500);
        assertThat(facts.price(1_000, 600, 200, 100)).hasValue(200 * 3 + 180 + 750 + 1_500);
        assertThat(facts.price(1, 1, 0, 0)).as("rounded up").hasValue(1);
    }

    @Test
    void doesNotTakeAnUnknownPriceForNothing() {
        Facts facts = Facts.of(PRICES);
        assertThat(facts.price(1_000, 0, 0, 100)).isPresent();
        assertThat(facts.price(1_000, 1, 0, 100)).isEmpty();
        assertThat(facts.price(1_000, 0, 1, 100)).isEmpty();
        assertThat(Facts.NONE.price(1, 0, 0, 1)).isEmpty();
    }

    @Test
    void knowsWhatClaudesCacheCosts() {
        Facts facts = KnownFacts.shipped().of(java.net.URI.create("https://api.anthropic.com/v1"), "claude-sonnet-4-5");
        assertThat(facts.cacheReadPrice()).isEqualTo(300_000);
        assertThat(facts.cacheWritePrice()).isEqualTo(3_750_000);
    }
}
