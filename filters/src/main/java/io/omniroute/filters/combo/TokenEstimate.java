package io.omniroute.filters.combo;

import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers how many tokens a conversation has where no target can count them: an estimate, which says that it is one. */
final class TokenEstimate {

    private TokenEstimate() {}

    static Mono<Void> answer(ServerWebExchange exchange, Call call) {
        byte[] body = call.endpoint().format().chat().encodeCount(Math.max(1, call.promptTokens()));
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setContentLength(body.length);
        AnswerHeader.ESTIMATED.set(headers, "true");
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
