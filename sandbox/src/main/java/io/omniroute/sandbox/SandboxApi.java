package io.omniroute.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** The provider's API: who may call, what is asked, and the answer with all that is ordered to be wrong with it. */
final class SandboxApi {

    static final String KEY_PREFIX = "sandbox-";
    static final String MODELS = "/v1/models";
    static final String MODEL_LIST = "{\"object\":\"list\",\"data\":[{\"id\":\"chat\",\"object\":\"model\","
            + "\"created\":1767225600,\"owned_by\":\"sandbox\"}]}";

    private static final int HUGE_BODY = 20 * 1024 * 1024;

    private final Sandbox sandbox;

    SandboxApi(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        String path = request.fullPath();
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .flatMap(body -> {
                    String key = Requests.key(request);
                    Books books = sandbox.books(key);
                    books.arrived(new Received(request.method().name(), path, Requests.headers(request), body));
                    vendorHeaders(response);
                    if (!key.startsWith(KEY_PREFIX)) {
                        return error(
                                response,
                                Dialects.of(path),
                                VendorError.unauthorized(Requests.masked(key)),
                                Orders.of("", "", Optional.empty()));
                    }
                    return answer(request, response, path, key, books, body);
                });
    }

    private Mono<Void> answer(
            HttpServerRequest request, HttpServerResponse response, String path, String key, Books books, String body) {
        if (path.equals(MODELS)) {
            return json(response, 200, MODEL_LIST);
        }
        if (path.equals(Counting.MESSAGES) || path.equals(Counting.RESPONSES) || path.endsWith(Counting.GEMINI)) {
            return count(response, path, key, body);
        }
        Dialect dialect = Dialects.of(path);
        if (dialect == null && !path.equals("/v1/embeddings")) {
            return json(
                    response,
                    404,
                    new VendorError(404, "Unknown request URL: " + path, "invalid_request_error", null, "unknown_url")
                            .json());
        }
        JsonNode asked = Requests.parse(body);
        String model = Dialects.model(path, asked);
        Optional<String> step = sandbox.nextStep(key);
        if (step.filter(SandboxApi::isAnswer).isPresent()) {
            return written(response, step.get());
        }
        Orders orders = Orders.of(model, key.substring(KEY_PREFIX.length()), step);
        boolean stream = dialect != null && Dialects.stream(path, asked);
        books.began(stream);
        AtomicBoolean served = new AtomicBoolean();
        return Mono.delay(orders.time(Behaviour.SLOW))
                .then(Mono.defer(() -> respond(response, dialect, model, asked, stream, books, orders, served)))
                .onErrorResume(Refusal.class, refusal -> {
                    served.set(true);
                    return error(response, dialect, refusal.error(), orders);
                })
                .doFinally(signal -> books.ended(stream, !served.get()));
    }

    /** Counts what would be answered: by the same rules, and with the same behaviours as far as they are about statuses and time. */
    private Mono<Void> count(HttpServerResponse response, String path, String key, String body) {
        Counting counting = Counting.of(path, Requests.parse(body));
        Orders orders = Orders.of(counting.model(), key.substring(KEY_PREFIX.length()), sandbox.nextStep(key));
        return Mono.delay(orders.time(Behaviour.SLOW))
                .then(Mono.defer(() -> {
                    if (orders.has(Behaviour.HANG)) {
                        return Mono.<Void>never();
                    }
                    if (orders.has(Behaviour.STATUS)) {
                        throw new Refusal(VendorError.ofStatus(
                                orders.number(Behaviour.STATUS).orElse(500)));
                    }
                    counting.check();
                    return json(response, 200, counting.answer(Answer.tokens(body)));
                }))
                .onErrorResume(Refusal.class, refusal -> error(response, counting.dialect(), refusal.error(), orders));
    }

    private static boolean isAnswer(String step) {
        return step.startsWith("{") || step.startsWith("event:") || step.startsWith("data:");
    }

    /** An answer that a script has written out. */
    private static Mono<Void> written(HttpServerResponse response, String answer) {
        if (answer.startsWith("{")) {
            return json(response, 200, answer);
        }
        response.header("Content-Type", "text/event-stream; charset=utf-8");
        return response.sendString(Mono.just(answer), StandardCharsets.UTF_8).then();
    }

    private static Mono<Void> respond(
            HttpServerResponse response,
            @Nullable Dialect dialect,
            String model,
            @Nullable JsonNode asked,
            boolean stream,
            Books books,
            Orders orders,
            AtomicBoolean served) {
        if (orders.has(Behaviour.HANG)) {
            return Mono.never();
        }
        if (orders.has(Behaviour.RESET)) {
            served.set(true);
            return close(response);
        }
        if (orders.has(Behaviour.DROP)) {
            served.set(true);
            return drop(response, stream);
        }
        if (orders.has(Behaviour.CONTEXT)) {
            throw new Refusal(VendorError.tooLong());
        }
        if (orders.has(Behaviour.MISSING)) {
            throw new Refusal(VendorError.missing(model));
        }
        if (orders.has(Behaviour.STATUS)) {
            throw new Refusal(
                    VendorError.ofStatus(orders.number(Behaviour.STATUS).orElse(500)));
        }
        if (asked == null || !asked.isObject()) {
            throw new Refusal(VendorError.invalid(null, "We could not parse the JSON body of your request."));
        }
        if (dialect != null) {
            dialect.check(asked, model);
            Answer answer = Answer.to(dialect.asked(asked, model), orders, dialect.thinks(asked));
            boolean whole = !stream
                    || orders.has(Behaviour.WHOLE)
                    || orders.has(Behaviour.ERROR_200)
                    || orders.has(Behaviour.EMPTY);
            return whole
                    ? whole(response, dialect, answer, books, orders, served)
                    : stream(response, dialect, asked, answer, books, orders, served);
        }
        EmbeddingsAnswer.check(asked);
        books.used(EmbeddingsAnswer.tokens(asked), 0);
        return body(response, null, EmbeddingsAnswer.to(asked, !orders.has(Behaviour.NO_USAGE)), orders, served);
    }

    private static Mono<Void> drop(HttpServerResponse response, boolean stream) {
        response.header("Content-Type", stream ? "text/event-stream" : "application/json");
        if (!stream) {
            response.header("Content-Length", "1000");
        }
        return response.sendHeaders()
                .then()
                .then(Mono.delay(Duration.ofMillis(20)))
                .then(close(response));
    }

    private static Mono<Void> whole(
            HttpServerResponse response,
            Dialect dialect,
            Answer answer,
            Books books,
            Orders orders,
            AtomicBoolean served) {
        books.used(answer.inputTokens(), answer.outputTokens());
        return body(response, dialect, dialect.whole(answer, !orders.has(Behaviour.NO_USAGE)), orders, served);
    }

    private static Mono<Void> body(
            HttpServerResponse response,
            @Nullable Dialect dialect,
            String answer,
            Orders orders,
            AtomicBoolean served) {
        served.set(!orders.has(Behaviour.STALL));
        if (orders.has(Behaviour.ERROR_200)) {
            VendorError failed = VendorError.ofStatus(500);
            return json(response, 200, dialect == null ? failed.json() : dialect.error(failed));
        }
        if (orders.has(Behaviour.EMPTY)) {
            return json(response, 200, "");
        }
        if (orders.has(Behaviour.MALFORMED)) {
            return json(response, 200, answer.substring(0, answer.length() / 2));
        }
        if (orders.has(Behaviour.HUGE)) {
            return json(response, 200, "{\"padding\":\"" + "x".repeat(HUGE_BODY) + "\"}");
        }
        if (orders.has(Behaviour.CUT) || orders.has(Behaviour.STALL)) {
            response.header("Content-Type", "application/json")
                    .header("Content-Length", Integer.toString(answer.length()));
            Mono<Void> after = orders.has(Behaviour.CUT) ? close(response) : Mono.never();
            return response.sendString(
                            Flux.concat(
                                    Mono.just(answer.substring(0, answer.length() / 2)),
                                    Mono.delay(Duration.ofMillis(20))
                                            .then(after)
                                            .cast(String.class)),
                            StandardCharsets.UTF_8)
                    .then();
        }
        return json(response, 200, answer, orders);
    }

    private static Mono<Void> stream(
            HttpServerResponse response,
            Dialect dialect,
            JsonNode asked,
            Answer answer,
            Books books,
            Orders orders,
            AtomicBoolean served) {
        boolean wanted = !(dialect instanceof ChatDialect)
                || asked.path("stream_options").path("include_usage").asBoolean(false);
        boolean usage = wanted && !orders.has(Behaviour.NO_USAGE);
        List<String> frames = Frames.of(dialect, answer, usage, orders);
        response.header("Content-Type", "text/event-stream; charset=utf-8").header("Cache-Control", "no-cache");
        response.withConnection(connection -> connection.channel().config().setOption(ChannelOption.TCP_NODELAY, true));
        long perFrame = Math.max(1, answer.outputTokens() / Math.max(1, frames.size()));
        books.used(answer.inputTokens(), 0);
        Flux<String> paced = pace(frames, orders).doOnNext(frame -> books.used(0, perFrame));
        Flux<byte[]> bytes = orders.has(Behaviour.BYTES)
                ? paced.concatMap(SandboxApi::singly, 1)
                : paced.map(frame -> frame.getBytes(StandardCharsets.UTF_8));
        Flux<byte[]> coded = orders.has(Behaviour.GZIP) ? Gzip.of(bytes) : bytes;
        if (orders.has(Behaviour.GZIP)) {
            response.header("Content-Encoding", "gzip");
        }
        Flux<byte[]> sent = coded.doOnComplete(() -> served.set(!orders.has(Behaviour.STALL)));
        return response.send(Flux.concat(sent, ending(response, orders)).map(Unpooled::wrappedBuffer), buffer -> true)
                .then();
    }

    /** What comes after the last frame. */
    private static Mono<byte[]> ending(HttpServerResponse response, Orders orders) {
        if (orders.has(Behaviour.STALL) || orders.has(Behaviour.LINGER)) {
            return Mono.never();
        }
        if (orders.has(Behaviour.CUT)) {
            return Mono.delay(Duration.ofMillis(20)).then(close(response)).then(Mono.empty());
        }
        return Mono.empty();
    }

    private static Flux<String> pace(List<String> frames, Orders orders) {
        Duration drip = orders.time(Behaviour.DRIP);
        Flux<String> events = Flux.fromIterable(frames);
        Flux<String> dripped = drip.isZero() ? events : events.delayElements(drip);
        Duration think = orders.time(Behaviour.SLOW_FIRST);
        return think.isZero()
                ? dripped
                : Flux.concat(Mono.just(": thinking\n\n"), Mono.delay(think).thenMany(dripped));
    }

    private static Flux<byte[]> singly(String frame) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        return Flux.range(0, bytes.length).map(i -> new byte[] {bytes[i]});
    }

    private static Mono<Void> error(
            HttpServerResponse response, @Nullable Dialect dialect, VendorError error, Orders orders) {
        if (orders.has(Behaviour.RETRY_AFTER)) {
            long seconds = (orders.time(Behaviour.RETRY_AFTER).toMillis() + 999) / 1000;
            response.header("Retry-After", Long.toString(seconds));
        }
        if (orders.has(Behaviour.HTML)) {
            response.status(error.status()).header("Content-Type", "text/html");
            return response.sendString(
                            Mono.just("<html><body><h1>" + error.status() + " from proxy</h1></body></html>"))
                    .then();
        }
        return json(response, error.status(), dialect == null ? error.json() : dialect.error(error), orders);
    }

    private static Mono<Void> json(HttpServerResponse response, int status, String body, Orders orders) {
        if (!orders.has(Behaviour.GZIP)) {
            return json(response, status, body);
        }
        response.header("Content-Encoding", "gzip");
        return json(response, status, Gzip.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Mono<Void> json(HttpServerResponse response, int status, String body) {
        return json(response, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Mono<Void> json(HttpServerResponse response, int status, byte[] bytes) {
        response.status(status)
                .header("Content-Type", "application/json")
                .header("Content-Length", Integer.toString(bytes.length));
        return response.sendByteArray(Mono.just(bytes)).then();
    }

    /** Ends with the connection, behind which nothing more must be written. */
    private static Mono<Void> close(HttpServerResponse response) {
        return Mono.fromRunnable(() -> response.withConnection(
                        connection -> connection.channel().close()))
                .then(Mono.never());
    }

    /** What vendors put on every response and a gateway must keep to itself. */
    private static void vendorHeaders(HttpServerResponse response) {
        response.header("x-request-id", "req_sandbox")
                .header("openai-organization", "org-SANDBOX1234567890")
                .header("x-ratelimit-limit-requests", "30000")
                .header("x-ratelimit-remaining-requests", "29999")
                .header("x-ratelimit-reset-requests", "2ms")
                .header("x-ratelimit-limit-tokens", "150000")
                .header("x-ratelimit-reset-tokens", "20s")
                .header("x-ratelimit-remaining-tokens", "149000")
                .header("Set-Cookie", "__cf_bm=sandbox; path=/; HttpOnly");
    }
}
