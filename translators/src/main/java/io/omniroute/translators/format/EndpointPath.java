package io.omniroute.translators.format;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One path of a format: fixed segments, {@code {provider}} for one segment, and {@code {model}} for the rest of the path,
 * because model names contain slashes. A template may end with an action, {@code {model}:action}.
 */
public final class EndpointPath {

    /** What Google's paths end with that ask a model for something. */
    private static final Set<String> VERBS =
            Set.of("generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents");

    private final Set<String> methods;
    private final List<String> wanted;
    private final Operation operation;
    private final String action;
    private final @Nullable String version;

    private EndpointPath(Set<String> methods, String template, Operation operation, @Nullable String version) {
        this.methods = methods;
        int colon = template.indexOf(':');
        this.action = colon < 0 ? "" : template.substring(colon + 1);
        this.wanted = List.of((colon < 0 ? template : template.substring(0, colon))
                .substring(1)
                .split("/", -1));
        this.operation = operation;
        this.version = version;
    }

    /**
     * A path that answers POST.
     *
     * @param template the path below {@code /v1}, such as {@code /providers/{provider}/embeddings}
     * @param operation what a call to it asks for
     */
    public static EndpointPath post(String template, Operation operation) {
        return new EndpointPath(Set.of("POST"), template, operation, null);
    }

    /**
     * A path that answers GET and HEAD, in one version only.
     *
     * @param version {@code v1} or {@code v1beta}
     * @param template as for {@link #post}
     * @param operation what a call to it asks for
     */
    public static EndpointPath get(String version, String template, Operation operation) {
        return new EndpointPath(Set.of("GET", "HEAD"), template, operation, version);
    }

    /** The HTTP methods that it answers. */
    public Set<String> methods() {
        return methods;
    }

    /** Whether a path begins as these do: by the version that is theirs alone, or by their first word. */
    boolean beginsAs(ApiPath path) {
        if (version != null && !version.equals(path.version())) {
            return false;
        }
        boolean alone = version != null && !version.equals("v1");
        return alone
                || (!path.segments().isEmpty()
                        && wanted.getFirst().equalsIgnoreCase(path.segments().getFirst()));
    }

    /** Whether the rest of a path asks a model for something, which is no name of one. */
    private static boolean hasVerb(String rest) {
        return VERBS.contains(rest.substring(rest.lastIndexOf(':') + 1));
    }

    /** The endpoint that the path means, whatever the method, or empty if it is not of this template. */
    Optional<Endpoint> match(ApiFormat format, ApiPath path) {
        if (version != null && !version.equals(path.version())) {
            return Optional.empty();
        }
        List<String> segments = path.segments();
        String provider = null;
        String model = null;
        for (int i = 0; i < wanted.size(); i++) {
            if (i >= segments.size()) {
                return Optional.empty();
            }
            switch (wanted.get(i)) {
                case "{provider}" -> provider = segments.get(i);
                case "{model}" -> {
                    String rest = String.join("/", segments.subList(i, segments.size()));
                    if (action.isEmpty() ? hasVerb(rest) : !rest.endsWith(":" + action)) {
                        return Optional.empty();
                    }
                    model = action.isEmpty() ? rest : rest.substring(0, rest.length() - action.length() - 1);
                }
                default -> {
                    if (!wanted.get(i).equalsIgnoreCase(segments.get(i))) {
                        return Optional.empty();
                    }
                }
            }
        }
        boolean whole = model != null || segments.size() == wanted.size();
        return whole ? Optional.of(endpoint(format, provider, model)) : Optional.empty();
    }

    private Endpoint endpoint(ApiFormat format, @Nullable String provider, @Nullable String model) {
        return new Endpoint(format, operation, provider, model, action);
    }
}
