package io.omniroute.app.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** How a coding client is pointed at a gateway: which file, and what must stand in it. The key stays in the environment. */
enum ClientConfig {
    CLAUDE_CODE("~/.claude/settings.json") {
        @Override
        String text(String root, String model) {
            return """
                    {
                      "env": {
                        "ANTHROPIC_BASE_URL": "%s",
                        "ANTHROPIC_AUTH_TOKEN": "<your OmniRoute key>",
                        "ANTHROPIC_MODEL": "%s",
                        "ANTHROPIC_DEFAULT_OPUS_MODEL": "%s",
                        "ANTHROPIC_DEFAULT_SONNET_MODEL": "%s",
                        "ANTHROPIC_DEFAULT_HAIKU_MODEL": "%s",
                        "ANTHROPIC_SMALL_FAST_MODEL": "%s"
                      }
                    }
                    """.formatted(root, escaped(model), escaped(model), escaped(model), escaped(model), escaped(model));
        }
    },

    CODEX("~/.codex/config.toml") {
        @Override
        String text(String root, String model) {
            return """
                    model = "%s"
                    model_provider = "omniroute"

                    [model_providers.omniroute]
                    name = "OmniRoute"
                    base_url = "%s/v1"
                    env_key = "OMNIROUTE_API_KEY"
                    wire_api = "responses"
                    """.formatted(escaped(model), root);
        }
    },

    GEMINI_CLI("~/.gemini/.env") {
        @Override
        String text(String root, String model) {
            return """
                    GOOGLE_GEMINI_BASE_URL=%s
                    GEMINI_API_KEY=<your OmniRoute key>
                    GEMINI_MODEL=%s
                    """.formatted(root, variable(model));
        }
    },

    OPENCODE("~/.config/opencode/opencode.json") {
        @Override
        String text(String root, String model) {
            return """
                    {
                      "$schema": "https://opencode.ai/config.json",
                      "provider": {
                        "omniroute": {
                          "npm": "@ai-sdk/openai-compatible",
                          "name": "OmniRoute",
                          "options": {
                            "baseURL": "%s/v1",
                            "apiKey": "{env:OMNIROUTE_API_KEY}"
                          },
                          "models": { "%s": {} }
                        }
                      },
                      "model": "omniroute/%s"
                    }
                    """.formatted(root, escaped(model), escaped(model));
        }
    },

    OPENCLAW("~/.openclaw/openclaw.json") {
        @Override
        String text(String root, String model) {
            return """
                    {
                      "models": {
                        "mode": "merge",
                        "providers": {
                          "omniroute": {
                            "baseUrl": "%s/v1",
                            "apiKey": "${OMNIROUTE_API_KEY}",
                            "api": "openai-completions",
                            "models": [{ "id": "%s", "name": "%s" }]
                          }
                        }
                      },
                      "agents": { "defaults": { "model": { "primary": "omniroute/%s" } } }
                    }
                    """.formatted(root, escaped(model), escaped(model), escaped(model));
        }
    },

    CLINE("the settings of the extension, API provider \"OpenAI Compatible\"") {
        @Override
        String text(String root, String model) {
            return """
                    Base URL: %s/v1
                    API key:  <your OmniRoute key>
                    Model ID: %s
                    """.formatted(root, model);
        }
    },

    CONTINUE("~/.continue/config.yaml") {
        @Override
        String text(String root, String model) {
            return """
                    name: Local Config
                    version: 1.0.0
                    schema: v1
                    models:
                      - name: OmniRoute
                        provider: openai
                        model: %s
                        apiBase: %s
                        apiKey: ${{ secrets.OMNIROUTE_API_KEY }}
                        roles: [chat, edit, apply]
                    """.formatted(yaml(model), yaml(root + "/v1"));
        }
    },

    CURSOR("Cursor Settings > Models > API Keys") {
        @Override
        String text(String root, String model) {
            return """
                    OpenAI API Key:           <your OmniRoute key>
                    Override OpenAI Base URL: %s/v1
                    Custom model:             %s
                    """.formatted(root, model);
        }
    };

    /** The API key is asked for only where this says so. */
    private static final String GEMINI_SETTINGS = """
            {
              "security": { "auth": { "selectedType": "gemini-api-key" } }
            }
            """;

    private static final Map<String, String> TWO_KEYS = Map.of(
            "/env/ANTHROPIC_API_KEY", "two different keys in one request are a 401",
            "/apiKeyHelper", "its key is sent beside yours, and two different keys in one request are a 401");

    /** What needs no quotes in YAML and in files of variables. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][\\w./@+-]*|https?://[\\w./@+:\\[\\]%-]+");

    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final String place;

    ClientConfig(String place) {
        this.place = place;
    }

    /** Where it belongs. */
    String place() {
        return place;
    }

    /**
     * What must stand there.
     *
     * @param root the gateway's address without a version
     * @param model the model, alias or combo to ask for
     */
    abstract String text(String root, String model);

    /** The files that must have it, where it stands in files of a form that can be merged. */
    List<ConfigFile> files(String root, String model) {
        String text = text(root, model);
        return switch (this) {
            case CLAUDE_CODE ->
                List.of(new ConfigFile(
                        place, ConfigFile.Kind.JSON, text, "/env/ANTHROPIC_AUTH_TOKEN", Set.of(), TWO_KEYS));
            case OPENCODE ->
                List.of(new ConfigFile(
                        place, ConfigFile.Kind.JSON, text, "", Set.of("/provider/omniroute/options/apiKey"), Map.of()));
            case OPENCLAW ->
                List.of(new ConfigFile(
                        place,
                        ConfigFile.Kind.JSON5,
                        text,
                        "",
                        Set.of("/models/mode", "/models/providers/omniroute/apiKey"),
                        Map.of()));
            case CODEX ->
                List.of(new ConfigFile(
                        place,
                        ConfigFile.Kind.TOML,
                        text,
                        "",
                        Set.of("model_providers.omniroute.name", "model_providers.omniroute.env_key"),
                        Map.of()));
            case CONTINUE -> List.of(new ConfigFile(place, ConfigFile.Kind.YAML, text));
            case GEMINI_CLI ->
                List.of(
                        new ConfigFile(place, ConfigFile.Kind.ENV, text, "GEMINI_API_KEY", Set.of(), Map.of()),
                        new ConfigFile("~/.gemini/settings.json", ConfigFile.Kind.JSON, GEMINI_SETTINGS));
            case CLINE, CURSOR -> List.of();
        };
    }

    /** The name on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<ClientConfig> ofId(String id) {
        return Arrays.stream(values()).filter(client -> client.id().equals(id)).findFirst();
    }

    static String ids() {
        return Arrays.stream(values()).map(ClientConfig::id).collect(Collectors.joining(", "));
    }

    /** An address as people write it, without a trailing slash and without any version at its end. */
    static String root(String url) {
        String root = url.strip();
        String before;
        do {
            before = root;
            root = root.replaceAll("/+$", "").replaceAll("/(?:api/)?v1(?:beta)?$", "");
        } while (!root.equals(before));
        return root;
    }

    /**
     * The gateway's address of what somebody has written.
     *
     * @throws IllegalArgumentException if it is no absolute http or https URL
     */
    static String checkedRoot(String url) {
        String root = root(url);
        URI address;
        try {
            address = new URI(root);
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException("is no URL");
        }
        if (address.getHost() == null || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
            throw new IllegalArgumentException("is no http or https URL (expected one such as http://127.0.0.1:20128)");
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null) {
            throw new IllegalArgumentException("has a query or a fragment (expected an address that paths can follow)");
        }
        return root;
    }

    /** A text between the quotes of JSON or TOML. */
    private static String escaped(String text) {
        String quoted = JsonMapper.shared().writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** A text as YAML has it, in quotes where it must be. */
    static String yaml(String text) {
        boolean plain = (PLAIN.matcher(text).matches() || text.matches("\\$\\{\\{ [\\w.]+ }}"))
                && !WORDS.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : JsonMapper.shared().writeValueAsString(text);
    }

    /** A value as a file of variables has it, which knows no escapes. */
    private static String variable(String text) {
        return PLAIN.matcher(text).matches() ? text : text.contains("'") ? '"' + text + '"' : "'" + text + "'";
    }
}
