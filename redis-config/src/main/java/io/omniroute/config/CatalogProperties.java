package io.omniroute.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The catalog as it is written in YAML, unchecked; {@link CatalogReader} checks it and makes a {@link Catalog} of it.
 *
 * @param providers the providers by id
 * @param combos the combos by name
 * @param aliases names that stand for a model, a combo or another alias; may have {@code *} and {@code ?}
 * @param teams the teams by id
 * @param deadlines the deadlines of all calls, where nothing nearer says otherwise
 */
@ConfigurationProperties("omniroute")
public record CatalogProperties(
        @DefaultValue Map<String, ProviderProperties> providers,
        @DefaultValue Map<String, ComboProperties> combos,
        @DefaultValue Map<String, String> aliases,
        @DefaultValue Map<String, TeamProperties> teams,
        @DefaultValue PatienceProperties patience,
        Deadlines.@Nullable Override deadlines) {

    /**
     * What a model that is called by its own name does, or {@code auto}, when it is slow or has failed; combos say it of themselves.
     *
     * @param retries how often it is tried again when no account of it has answered
     * @param retryDelay how long a call waits before that
     * @param waitForCooldown how long a call waits at most, in all, for what rests
     * @param hedgeAfter how long an account may be silent before another runs beside it
     * @param continuations how often another target goes on with an answer that was cut off
     */
    public record PatienceProperties(
            @DefaultValue("0") int retries,
            @DefaultValue("1s") Duration retryDelay,
            @DefaultValue("0s") Duration waitForCooldown,
            @Nullable Duration hedgeAfter,
            @DefaultValue("0") int continuations) {}

    /**
     * A provider as it is written.
     *
     * @param baseUrl what the vendor's own SDK takes, version included
     * @param formats the formats that it speaks, the preferred first
     * @param connections its accounts by id
     * @param accounts how its accounts are ordered: by a strategy that combos have, too
     * @param accountsSticky how many turns in a row an account has where they take turns
     * @param models its declared models by id
     * @param undeclaredModels {@code call} (the default) or {@code refuse}
     * @param paths the path of an operation, where it differs from the format's
     * @param requestHeaders further request headers that go from the client to it
     * @param headers fixed headers of every request to it
     * @param unsupported request fields that it refuses
     * @param facts what is known of it, before what comes with the gateway; see {@link Facts}
     * @param deadlines the deadlines of calls to it
     */
    public record ProviderProperties(
            @Nullable String baseUrl,
            @DefaultValue List<String> formats,
            @DefaultValue Map<String, ConnectionProperties> connections,
            @DefaultValue("fill-first") String accounts,
            @DefaultValue("3") int accountsSticky,
            @DefaultValue Map<String, ModelProperties> models,
            @DefaultValue("call") String undeclaredModels,
            @DefaultValue Map<String, String> paths,
            @DefaultValue Set<String> requestHeaders,
            @DefaultValue Map<String, String> headers,
            @DefaultValue Set<String> unsupported,
            @DefaultValue Map<String, String> facts,
            Deadlines.@Nullable Override deadlines) {}

    /**
     * An account as it is written.
     *
     * @param apiKey the credential, as {@code ${NAME_OF_A_VARIABLE}}; absent for a local server that takes none
     * @param header the header that takes the credential, where it is not the format's
     * @param enabled whether calls may use it
     * @param priority the lowest is used first
     * @param weight how much of the calls it gets where they are spread by weight
     * @param rpm calls a minute at most, over all instances; 0 for any number
     * @param minGap the shortest time between the beginnings of two calls
     * @param maxConcurrent calls at a time at most, over all instances; 0 for any number
     * @param queue how many calls of an instance may wait for it, where there is no other target
     * @param queueTime how long each of them waits at most
     * @param proxy the URL of the proxy that its calls go through; the usual way if absent
     * @param tags what calls may ask of it by name
     */
    public record ConnectionProperties(
            @Nullable String apiKey,
            @Nullable String header,
            @DefaultValue("true") boolean enabled,
            @DefaultValue("0") int priority,
            @DefaultValue("1") int weight,
            @DefaultValue("0") int rpm,
            @DefaultValue("0s") Duration minGap,
            @DefaultValue("0") int maxConcurrent,
            @DefaultValue("20") int queue,
            @DefaultValue("15s") Duration queueTime,
            @Nullable String proxy,
            @DefaultValue Set<String> tags) {}

    /**
     * A model as it is written.
     *
     * @param operations what it can be asked for; chat if nothing is said
     * @param facts what is known of it, before what is known of its provider
     */
    public record ModelProperties(
            @DefaultValue Set<String> operations,
            @DefaultValue Map<String, String> facts) {}

    /**
     * A combo as it is written.
     *
     * @param strategy how its targets are ordered
     * @param targets {@code provider/model}, {@code provider/model@connection} or the name of another combo, or an object with
     *     deadlines and a weight
     * @param fallBackOn the kinds of failure after which the next target is tried
     * @param sticky how many turns in a row a target has where they take turns
     * @param stickySessions whether calls of a session stay with the account that has answered it, unless the strategy keeps an order of its own
     * @param checkCapabilities whether a target is left out that is known not to do what a call needs: tools, images,
     *     structured output, so long a prompt
     * @param minContextWindow leaves out targets whose context window is known to be smaller, in tokens
     * @param freeOnly leaves out models that are not known to cost nothing
     * @param mode the name of the weights by which {@code auto} scores its targets
     * @param task what {@code auto} wants them to be good at; what the call seems to be about if empty
     * @param families leaves out models whose names match none of these patterns
     * @param retries how often all targets are tried again when none has answered, at most 10
     * @param retryDelay how long it waits before that
     * @param waitForCooldown how long a call waits at most for a target that rests, when there is no other
     * @param judge who writes the answer of a {@code fusion} out of those of its targets, or the summaries of a {@code context-relay}; the first
     *     of them, or the one in use, if absent
     * @param panelMost how many targets of a {@code fusion} are asked at most, the first that work
     * @param panelEnough how many answers of a {@code fusion} are enough to go on
     * @param panelGrace how long the others may still take then
     * @param panelTime how long all of them may take at most
     * @param handoffAt from which share of its limits on a target of a {@code context-relay} has a summary made
     * @param hedgeAfter how long a target may be silent before another is called beside it; the first content answers
     * @param systemPrompt what its targets are told before the conversation, instead of what all are told
     * @param continuations how often another target goes on with a streamed answer that was cut off, at most 10; text only
     * @param deadlines the deadlines of all its targets
     */
    public record ComboProperties(
            @DefaultValue("priority") String strategy,
            @DefaultValue List<TargetProperties> targets,
            @Nullable Set<String> fallBackOn,
            @DefaultValue("1") int sticky,
            @DefaultValue("true") boolean stickySessions,
            @DefaultValue("true") boolean checkCapabilities,
            @DefaultValue("0") long minContextWindow,
            @DefaultValue("false") boolean freeOnly,
            @DefaultValue("default") String mode,
            @DefaultValue("") String task,
            @DefaultValue List<String> families,
            @DefaultValue("0") int retries,
            @DefaultValue("1s") Duration retryDelay,
            @DefaultValue("0s") Duration waitForCooldown,
            @Nullable Duration hedgeAfter,
            @DefaultValue("0.85") double handoffAt,
            @DefaultValue("0") int continuations,
            @DefaultValue("") String systemPrompt,
            @Nullable String judge,
            @DefaultValue("8") int panelMost,
            @DefaultValue("2") int panelEnough,
            @DefaultValue("8s") Duration panelGrace,
            @DefaultValue("90s") Duration panelTime,
            Deadlines.@Nullable Override deadlines) {}

    /**
     * A combo's target as it is written.
     *
     * @param model {@code provider/model}, {@code provider/model@connection} or the name of another combo
     * @param weight how much of the calls it gets where they are spread by weight
     * @param prompt what it is told for its step of a {@code pipeline}
     * @param deadlines its own deadlines
     */
    public record TargetProperties(
            @Nullable String model,
            @DefaultValue("1") int weight,
            @DefaultValue("") String prompt,
            Deadlines.@Nullable Override deadlines) {

        /** A target that is written as one word. */
        public static TargetProperties of(String model) {
            return new TargetProperties(model, 1, "", null);
        }
    }

    /**
     * A team as it is written.
     *
     * @param organisation the organisation that it belongs to
     * @param models what its keys may call at most
     * @param keys its keys by id
     */
    public record TeamProperties(
            @DefaultValue("default") String organisation,
            @Nullable List<String> models,
            @DefaultValue Map<String, KeyProperties> keys) {}

    /**
     * An API key as it is written.
     *
     * @param hash {@code sha256:} and the SHA-256 of the key in hexadecimal
     * @param models what it may call, within the team's; the team's if absent
     * @param endpoints the operations that it may ask for; all if absent
     * @param scopes further rights
     * @param expires a date ({@code 2027-01-01}, that day excluded, UTC) or an instant
     * @param active whether it is valid at all
     */
    public record KeyProperties(
            @Nullable String hash,
            @DefaultValue List<String> models,
            @DefaultValue Set<String> endpoints,
            @DefaultValue Set<String> scopes,
            @Nullable String expires,
            @DefaultValue("true") boolean active) {}
}
