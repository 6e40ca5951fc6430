package io.omniroute.translators.format;

import io.omniroute.translators.format.anthropic.AnthropicFormat;
import io.omniroute.translators.format.gemini.GeminiFormat;
import io.omniroute.translators.format.openaichat.OpenAiChatFormat;
import io.omniroute.translators.format.openaicompletions.CompletionsFormat;
import io.omniroute.translators.format.openairesponses.ResponsesFormat;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** All formats that the gateway speaks. To add one, write its package and put it into this list. */
public final class ApiFormats {

    private static final Map<String, ApiFormat> ALL = byId(List.of(
            OpenAiChatFormat.INSTANCE,
            AnthropicFormat.INSTANCE,
            ResponsesFormat.INSTANCE,
            GeminiFormat.INSTANCE,
            CompletionsFormat.INSTANCE));

    static {
        UpstreamErrors.prepare();
    }

    private ApiFormats() {}

    /** All formats, in the order in which paths are tried. */
    public static Collection<ApiFormat> all() {
        return ALL.values();
    }

    /** The names of all formats, in that order. */
    public static Set<String> ids() {
        return ALL.keySet();
    }

    /** The names of the formats that providers speak. */
    public static List<String> ofProviders() {
        return ALL.values().stream()
                .filter(ApiFormat::isForProviders)
                .map(ApiFormat::id)
                .toList();
    }

    /** The format of that name, if there is one. */
    public static Optional<ApiFormat> ofId(String id) {
        return Optional.ofNullable(ALL.get(id));
    }

    /** The format whose errors a client gets where no endpoint says which it speaks. */
    public static ApiFormat nearest() {
        return OpenAiChatFormat.INSTANCE;
    }

    /** The format whose errors the clients of a path can read: that of its endpoint, or of those that begin alike. */
    public static ApiFormat nearest(ApiPath path) {
        return first(format -> format.endpoints().stream()
                        .anyMatch(endpoint -> endpoint.match(format, path).isPresent()))
                .or(() -> first(format -> format.endpoints().stream().anyMatch(endpoint -> endpoint.beginsAs(path))))
                .orElseGet(ApiFormats::nearest);
    }

    private static Optional<ApiFormat> first(Predicate<ApiFormat> which) {
        return all().stream().filter(which).findFirst();
    }

    /** What a method and a path mean among some formats. */
    public static Optional<Endpoint> endpoint(Collection<ApiFormat> formats, String method, ApiPath path) {
        for (ApiFormat format : formats) {
            for (EndpointPath candidate : format.endpoints()) {
                if (candidate.methods().contains(method)) {
                    Optional<Endpoint> endpoint = candidate.match(format, path);
                    if (endpoint.isPresent()) {
                        return endpoint;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a path means something, for some method. */
    public static boolean isEndpoint(ApiPath path) {
        for (ApiFormat format : all()) {
            for (EndpointPath candidate : format.endpoints()) {
                if (candidate.match(format, path).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The methods that a path answers, sorted; empty for a path that means nothing. */
    public static Set<String> methods(ApiPath path) {
        Set<String> methods = new TreeSet<>();
        for (ApiFormat format : all()) {
            for (EndpointPath candidate : format.endpoints()) {
                if (candidate.match(format, path).isPresent()) {
                    methods.addAll(candidate.methods());
                }
            }
        }
        return methods;
    }

    private static Map<String, ApiFormat> byId(List<ApiFormat> formats) {
        Map<String, ApiFormat> byId = new LinkedHashMap<>();
        formats.forEach(format -> byId.put(format.id(), format));
        return byId;
    }
}
