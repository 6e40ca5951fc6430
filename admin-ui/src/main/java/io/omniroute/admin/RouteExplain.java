package io.omniroute.admin;

import io.omniroute.filters.combo.RouteExplainer;
import io.omniroute.translators.error.ApiException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Why a call went where it went, and where one would go. */
@RestController
class RouteExplain {

    private final RouteExplainer explainer;

    RouteExplain(RouteExplainer explainer) {
        this.explainer = explainer;
    }

    /**
     * A call that is not sent.
     *
     * @param model the model, alias or combo
     * @param session what the client calls the conversation
     */
    record Question(@Nullable String model, @Nullable String session) {}

    /** The record of a call, by the id that its answer had in {@code X-OmniRoute-Request-Id}. */
    @GetMapping(path = "/api/usage/route-explain/{requestId}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> decided(@PathVariable String requestId) {
        return explainer
                .decision(requestId)
                .map(json -> ResponseEntity.ok((Object) json))
                .defaultIfEmpty(error(404, "NOT_FOUND", "no decision is kept for this request"))
                .onErrorReturn(error(503, "INTERNAL_003", "the gateway's store is away"));
    }

    /** What would be chosen. */
    @PostMapping(path = "/api/routes/explain", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Object>> wouldBe(@RequestBody Question question) {
        String model = question.model();
        if (model == null || model.isBlank()) {
            return Mono.just(error(400, "VALID_001", "'model' is required: a model, an alias or a combo"));
        }
        String session = question.session() == null ? "" : question.session();
        return explainer
                .explain(model, session)
                .map(explained -> ResponseEntity.ok((Object) explained))
                .onErrorResume(ApiException.class, refused -> {
                    int status = refused.error().kind().status();
                    String code = status == 404 ? "MODEL_001" : "MODEL_002";
                    return Mono.just(error(status, code, refused.error().message()));
                });
    }

    private static ResponseEntity<Object> error(int status, String code, String message) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        return ResponseEntity.status(status).body(Map.of("error", error));
    }
}
