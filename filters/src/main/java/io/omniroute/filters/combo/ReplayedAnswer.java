package io.omniroute.filters.combo;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.AnswerTap;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.SentAnswer;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Gives a client an answer that is there already, as a stream where it asked for one. */
final class ReplayedAnswer {

    private ReplayedAnswer() {}

    static Mono<Void> write(ServerWebExchange exchange, Call call, PartCalls.Said said, JsonLimits json) {
        return Mono.defer(() -> {
            List<StreamEvent> events = new ArrayList<>();
            call.codec().readAnswer(said.body(), json, events::add);
            if (!call.claimAnswer(said)) {
                return Mono.error(ApiError.of(ErrorKind.INTERNAL, "the call is answered already")
                        .exception());
            }
            ServerHttpResponse response = exchange.getResponse();
            HttpHeaders headers = response.getHeaders();
            AnswerHeader.MODEL.set(headers, said.target().name());
            AnswerHeader.PROVIDER.set(headers, said.target().provider());
            boolean array = call.stream()
                    && call.endpoint()
                            .format()
                            .streamsAsArray(
                                    exchange.getRequest().getQueryParams().getFirst("alt"));
            byte[] body = call.stream()
                    ? streamed(call, said, events, array)
                    : call.endpoint().format().named(said.body(), call.head().model());
            headers.setContentType(call.stream() && !array ? MediaType.TEXT_EVENT_STREAM : MediaType.APPLICATION_JSON);
            if (call.stream() && !array) {
                headers.setCacheControl("no-cache, no-transform");
                headers.set("X-Accel-Buffering", "no");
            }
            Outcome outcome = outcome(events);
            ExchangeAttributes.put(exchange, Outcome.class, outcome);
            tell(call, events, outcome);
            ExchangeAttributes.find(exchange, SentAnswer.class)
                    .filter(copy -> !array)
                    .ifPresent(copy -> keep(copy, call, body));
            return response.writeWith(
                    Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
        });
    }

    private static void tell(Call call, List<StreamEvent> events, Outcome outcome) {
        if (call.ends()) {
            for (AnswerTap tap : call.taps()) {
                events.forEach(tap::hear);
                tap.ended(outcome);
            }
        }
    }

    private static byte[] streamed(Call call, PartCalls.Said said, List<StreamEvent> events, boolean array) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(said.body().length * 2);
        if (array) {
            out.write('[');
            out.writeBytes(said.body());
            out.write(']');
            return out.toByteArray();
        }
        StreamEncoder encoder = call.streamEncoder(said.target().name());
        events.forEach(event -> encoder.encode(event, out));
        return out.toByteArray();
    }

    private static void keep(SentAnswer copy, Call call, byte[] body) {
        if (call.stream()) {
            copy.part(body);
            copy.end();
        } else {
            copy.whole(body);
        }
    }

    /** The tokens are those of the part, which has been counted. */
    private static Outcome outcome(List<StreamEvent> events) {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        events.forEach(fold);
        return new Outcome(
                Outcome.Completion.COMPLETE,
                new Usage(0, 0, 0, 0, 0, false),
                fold.answer().model(),
                null,
                null);
    }
}
