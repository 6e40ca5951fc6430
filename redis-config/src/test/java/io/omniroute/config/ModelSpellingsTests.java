package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model is known whoever serves it, and by whatever name. */
class ModelSpellingsTests {

    @ParameterizedTest
    @CsvSource({
        "anthropic.claude-sonnet-4-5-20250929-v1:0,claude-sonnet-4-5-20250929",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0,claude-sonnet-4-5-20250929",
        "us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0,claude-3-5-sonnet-20240620",
        "global.anthropic.claude-opus-4-6-v1,claude-opus-4-6",
        "apac.anthropic.claude-opus-4-7,claude-opus-4-7",
        "anthropic.claude-3-sonnet-20240229-v1:0:200k,claude-3-sonnet-20240229",
        "arn:aws:bedrock:us-east-1:1234:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0,claude-haiku-4-5-20251001",
        "claude-sonnet-4-5@20250929,claude-sonnet-4-5-20250929",
        "claude-3-5-sonnet-v2@20241022,claude-3-5-sonnet-20241022",
        "claude-opus-4-6@default,claude-opus-4-6",
        "publishers/anthropic/models/claude-opus-4@20250514,claude-opus-4-20250514",
        "databricks-claude-sonnet-4-5,claude-sonnet-4-5",
        "anthropic--claude-3.5-sonnet,claude-3-5-sonnet",
        "anthropic/claude-3.7-sonnet,claude-3-7-sonnet",
        "anthropic/claude-sonnet-4.5,claude-sonnet-4.5",
        "databricks-meta-llama-3-3-70b-instruct,llama-3.3-70b-instruct",
        "meta.llama3-1-70b-instruct-v1:0,llama-3.1-70b-instruct",
        "us.meta.llama4-maverick-17b-instruct-v1:0,llama-4-maverick-17b-instruct",
        "meta/llama-3.3-70b-instruct-maas,llama-3.3-70b-instruct",
        "llama-3-8b-instruct,llama-3-8b-instruct",
        "llama3.1:8b,llama-3.1:8b",
        "mistral.mistral-large-2402-v1:0,mistral-large-2402",
        "mistral.mistral-7b-instruct-v0:2,mistral-7b-instruct",
        "mistral-large-2411@001,mistral-large-2411",
        "openai.gpt-oss-120b-1:0,gpt-oss-120b",
        "us.deepseek.r1-v1:0,deepseek-r1",
        "deepseek.v3-v1:0,deepseek-v3",
        "databricks-gemini-2-5-flash,gemini-2.5-flash",
        "google/gemini-2.5-pro,gemini-2.5-pro",
        "databricks-gpt-5-1,gpt-5.1",
        "openai-gpt-4.1,gpt-4.1",
        "gpt-4-0613,gpt-4-0613",
        "gpt-4-1106-preview,gpt-4-1106-preview",
        "gpt-5-2025-08-07,gpt-5-2025-08-07",
        "qwen3:32b,qwen3:32b",
        "Qwen/Qwen2.5-7B-Instruct,qwen2.5-7b-instruct",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo,llama-3.3-70b-instruct-turbo"
    })
    void readsNamesAsOthersSpellThem(String spelled, String name) {
        assertThat(KnownFacts.shipped().nameOf(spelled)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0,claude-sonnet-4-5-20250929",
        "claude-sonnet-4-5@20250929,claude-sonnet-4-5-20250929",
        "databricks-claude-opus-4-6,claude-opus-4-6",
        "meta.llama3-3-70b-instruct-v1:0,llama-3.3-70b-versatile",
        "databricks-gemini-2-5-pro,gemini-2.5-pro"
    })
    void knowsOfThemWhatIsKnownByTheVendorsName(String spelled, String name) {
        Facts facts = KnownFacts.shipped().ofModel(spelled);
        assertThat(facts)
                .usingRecursiveComparison()
                .isEqualTo(KnownFacts.shipped().ofModel(name))
                .isNotEqualTo(Facts.NONE);
    }
}
