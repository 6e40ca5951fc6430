package io.omniroute.admin;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.omniroute.config.ApiKey;
import io.omniroute.filters.combo.RouteExplainer;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Why a call went where it went, and where one would go. */
@RestController
class RouteExplain {

    /** Where the records of calls are. */
    static final String DECIDED = "/api/usage/route-explain/{requestId}";

    private final RouteExplainer explainer;
    private final ApiKeys keys;

    RouteExplain(RouteExplainer explainer, ApiKeys keys) {
        this.explainer = explainer;
        this.keys = keys;
    }

    /**
     * A call that is not sent.
     *
     * @param model the model, alias or combo; the request's own if absent
     * @param session what the client calls the conversation
     * @param mode what the client would say in {@code X-OmniRoute-Mode}
     * @param key the id of the API key whose call it would be
     * @param operation what would be asked for; {@code chat} if absent
     * @param format in which it would be asked, such as {@code openai-chat}, which it is if absent
     * @param tags what the client would say in {@code X-OmniRoute-Tags}
     * @param request what would be asked, in the format of any endpoint
     * @param unknown what is written beside these
     */
    record Question(
            @Nullable String model,
            @Nullable String session,
            @Nullable String mode,
            @Nullable String key,
            @Nullable String operation,
            @Nullable String format,
            @Nullable Set<String> tags,
            @Nullable ObjectNode request,
            @JsonAnySetter @Nullable Map<String, Object> unknown) {

        /** What the client calls the conversation, in a header or in the request. */
        String conversation() {
            String own = request == null ? "" : request.path("prompt_cache_key").asString("");
            return session == null || session.isBlank() ? own.strip() : session;
        }

        String asked() {
            String own = request == null ? "" : request.path("model").asString("");
            return model == null ? own : model;
        }

        ApiFormat spoken() {
            if (format == null) {
                return ApiFormats.nearest();
            }
            return ApiFormats.ofId(format)
                    .filter(ApiFormat::isForProviders)
                    .orElseThrow(() -> ApiError.invalid("format", "there is no format \"" + format + "\"")
                            .exception());
        }

        /** A prompt is in no log. */
        @Override
        public String toString() {
            return "a question about " + asked();
        }

        byte @Nullable [] body() {
            return request == null ? null : request.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * The record of a call, by the id that its answer had in {@code X-OmniRoute-Request-Id}. Who may not manage sees the records of its own
     * calls; all others are not there.
     */
    @GetMapping(path = DECIDED, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> decided(@PathVariable String requestId, Authentication who) {
        return explainer
                .decision(requestId)
                .filter(json -> who.getDetails() instanceof ApiKey key && (key.has(ApiKey.MANAGE) || isOf(key, json)))
                .map(json -> ResponseEntity.ok((Object) json))
                .defaultIfEmpty(error(404, "NOT_FOUND", "no decision is kept for this request"))
                .onErrorReturn(error(503, "INTERNAL_003", "the gateway's store is away"));
    }

    /** What would be chosen. */
    @PostMapping(path = "/api/routes/explain", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> wouldBe(@RequestBody Question question) {
        if (question.unknown() != null && !question.unknown().isEmpty()) {
            return Mono.just(error(
                    400,
                    "VALID_001",
                    "there is no field \""
                            + question.unknown().keySet().iterator().next() + "\""));
        }
        if (question.asked().isBlank()) {
            return Mono.just(error(400, "VALID_001", "'model' is required: a model, an alias or a combo"));
        }
        return key(question)
                .flatMap(key -> explainer.explain(new RouteExplainer.Question(
                        question.asked(),
                        question.conversation(),
                        question.mode(),
                        key.orElse(null),
                        question.operation() == null ? "chat" : question.operation(),
                        question.tags() == null ? Set.of() : question.tags(),
                        question.spoken(),
                        question.body())))
                .map(explained -> ResponseEntity.ok((Object) explained))
                .onErrorResume(ApiException.class, refused -> {
                    int status = refused.error().kind().status();
                    String code = status == 404 ? "MODEL_001" : "MODEL_002";
                    return Mono.just(error(status, code, refused.error().message()));
                });
    }

    private static boolean isOf(ApiKey key, String record) {
        JsonNode call = JsonMapper.shared().readTree(record);
        return call.path("key").asString("").equals(key.id())
                && call.path("team").asString("").equals(key.team())
                && call.path("organisation").asString("").equals(key.organisation());
    }

    private Mono<Optional<ApiKey>> key(Question question) {
        String id = question.key();
        if (id == null) {
            return Mono.just(Optional.empty());
        }
        // without Redis, what this instance knows
        return keys.refresh()
                .onErrorComplete()
                .thenMany(Flux.defer(() -> Flux.fromIterable(keys.all().values())))
                .filter(key -> key.id().equals(id))
                .next()
                .switchIfEmpty(Mono.error(() -> ApiError.of(ErrorKind.NOT_FOUND, "there is no API key \"" + id + "\"")
                        .exception()))
                .map(Optional::of);
    }

    private static ResponseEntity<Object> error(int status, String code, String message) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        return ResponseEntity.status(status).body(Map.of("error", error));
    }
}
