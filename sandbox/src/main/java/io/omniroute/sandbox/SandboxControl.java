package io.omniroute.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sandbox's control: {@code GET /books} and {@code GET /books/{key}}, {@code DELETE /books}, and {@code POST /scripts}
 * with {@code {"key": "sandbox-a", "steps": ["503-retry-2s", "first-error", "drip-50ms"]}}.
 */
final class SandboxControl {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BOOKS = "/books";

    private final Sandbox sandbox;

    SandboxControl(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .flatMap(body -> answer(request.method().name() + " " + request.fullPath(), body, response));
    }

    private Mono<Void> answer(String asked, String body, HttpServerResponse response) {
        if (asked.equals("GET " + BOOKS)) {
            ObjectNode all = JSON.createObjectNode();
            sandbox.books().forEach((key, books) -> all.set(key, books(books, false)));
            return send(response, 200, all);
        }
        if (asked.startsWith("GET " + BOOKS + "/")) {
            String key = asked.substring(("GET " + BOOKS + "/").length());
            return send(response, 200, books(sandbox.books(key), true));
        }
        if (asked.equals("DELETE " + BOOKS)) {
            sandbox.forget();
            return send(response, 200, JSON.createObjectNode().put("forgotten", true));
        }
        if (asked.equals("POST /scripts")) {
            return script(body, response);
        }
        return send(response, 404, JSON.createObjectNode().put("error", "unknown: " + asked));
    }

    private Mono<Void> script(String body, HttpServerResponse response) {
        try {
            JsonNode script = JSON.readTree(body);
            List<String> steps = new ArrayList<>();
            script.path("steps").forEach(step -> steps.add(step.asString("")));
            if (script.path("key").isString() && !steps.isEmpty()) {
                sandbox.script(script.path("key").asString(), steps);
                return send(response, 200, JSON.createObjectNode().put("steps", steps.size()));
            }
        } catch (JacksonException notJson) {
            // told below
        }
        return send(response, 400, JSON.createObjectNode().put("error", "expected {\"key\": ..., \"steps\": [...]}"));
    }

    private static ObjectNode books(Books books, boolean requests) {
        ObjectNode node = JSON.createObjectNode();
        node.put("calls", books.calls());
        node.put("input_tokens", books.inputTokens());
        node.put("output_tokens", books.outputTokens());
        node.put("micro_dollars", books.microDollars());
        node.put("open", books.open());
        node.put("open_streams", books.openStreams());
        node.put("early_closes", books.earlyCloses());
        if (requests) {
            ArrayNode received = node.putArray("received");
            for (Received request : books.received()) {
                ObjectNode entry = received.addObject();
                entry.put("method", request.method())
                        .put("path", request.path())
                        .put("body", request.body());
                ObjectNode headers = entry.putObject("headers");
                request.headers().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(header -> headers.put(header.getKey(), header.getValue()));
            }
        }
        return node;
    }

    private static Mono<Void> send(HttpServerResponse response, int status, ObjectNode body) {
        response.status(status).header("Content-Type", "application/json");
        return response.sendString(Mono.just(body.toString())).then();
    }
}
