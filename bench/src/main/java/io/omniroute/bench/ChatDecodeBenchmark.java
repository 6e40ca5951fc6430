package io.omniroute.bench;

import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.openaichat.OpenAiChatFormat;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.sse.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What the gateway does to a request's body, and to an event of a stream of the client's own format. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChatDecodeBenchmark {

    private static final Endpoint ENDPOINT = new Endpoint(ApiFormats.nearest(), Operation.CHAT, null, null);

    private static final OperationCodec CODEC =
            Objects.requireNonNull(OpenAiChatFormat.INSTANCE.codecs().get(Operation.CHAT));
    private static final byte[] EVENT =
            ("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n")
                    .getBytes(StandardCharsets.UTF_8);

    /** The size of the prompt in bytes. */
    @Param({"1024", "32768"})
    public int prompt;

    private byte[] body = new byte[0];
    private RequestHead head = new RequestHead("", new Span(0, 0), true, false, 1, List.of());
    private SseParser parser = new SseParser(1 << 20);
    private StreamDecoder decoder = CODEC.streamDecoder(head, JsonLimits.DEFAULT);

    /** Makes the body. */
    @Setup
    public void body() {
        body = ("{\"model\":\"fast\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "word ".repeat(prompt / 5) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        head = CODEC.readRequest(body, ENDPOINT, JsonLimits.DEFAULT);
        parser = new SseParser(1 << 20);
        decoder = CODEC.streamDecoder(head, JsonLimits.DEFAULT);
    }

    /** One pass over the body. */
    @Benchmark
    public RequestHead readRequest() {
        return CODEC.readRequest(body, ENDPOINT, JsonLimits.DEFAULT);
    }

    /** The body for the provider. */
    @Benchmark
    public byte[] writeRequest() {
        return Splice.apply(body, CODEC.edits(head, "gpt-5.1", true));
    }

    /** One event of a stream: found and read. */
    @Benchmark
    public void streamEvent(Blackhole hole) {
        parser.feed(EVENT, event -> decoder.decode(event, hole::consume));
    }
}
