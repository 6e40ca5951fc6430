package io.omniroute.translators.format;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One path of a format: fixed segments, {@code {provider}} for one segment, and {@code {model}} for the rest of the path,
 * because model names contain slashes.
 *
 * @param methods the HTTP methods that it answers
 * @param template the path below {@code /v1}, such as {@code /providers/{provider}/embeddings}
 * @param operation what a call to it asks for
 */
public record EndpointPath(Set<String> methods, String template, Operation operation) {

    public EndpointPath {
        methods = Set.copyOf(methods);
    }

    /** A path that answers POST. */
    public static EndpointPath post(String template, Operation operation) {
        return new EndpointPath(Set.of("POST"), template, operation);
    }

    /** A path that answers GET and HEAD. */
    public static EndpointPath get(String template, Operation operation) {
        return new EndpointPath(Set.of("GET", "HEAD"), template, operation);
    }

    /** The endpoint that the path means, whatever the method, or empty if it is not of this template. */
    Optional<Endpoint> match(ApiFormat format, String[] segments) {
        String[] wanted = template.substring(1).split("/", -1);
        String provider = null;
        String model = null;
        for (int i = 0; i < wanted.length; i++) {
            if (i >= segments.length) {
                return Optional.empty();
            }
            switch (wanted[i]) {
                case "{provider}" -> provider = segments[i];
                case "{model}" -> model = rest(segments, i);
                default -> {
                    if (!wanted[i].equals(segments[i].toLowerCase(Locale.ROOT))) {
                        return Optional.empty();
                    }
                }
            }
        }
        boolean whole = model != null || segments.length == wanted.length;
        return whole ? Optional.of(endpoint(format, provider, model)) : Optional.empty();
    }

    private Endpoint endpoint(ApiFormat format, @Nullable String provider, @Nullable String model) {
        return new Endpoint(format, operation, provider, model);
    }

    private static String rest(String[] segments, int from) {
        return String.join("/", java.util.Arrays.asList(segments).subList(from, segments.length));
    }
}
