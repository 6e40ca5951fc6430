package io.omniroute.bench;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a translation costs: a request from Chat to another format, and an event of a Chat stream to another format's client. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class TranslationBenchmark {

    private static final int EVENTS = 100;
    private static final ApiFormat CHAT = ApiFormats.nearest();

    @Param({"anthropic-messages", "openai-responses", "gemini"})
    private String format = "gemini";

    @Param({"4096", "32768"})
    private int bytes;

    private ApiFormat other = CHAT;
    private byte[] request = new byte[0];
    private byte[] stream = new byte[0];
    private AnswerContext context =
            new AnswerContext(new ChatRequest.Builder("m").build(), "0", "m", 1, true, 100, CarrierSeal.NONE);

    /** Makes a request of that size, and a stream. */
    @Setup
    public void prepare() {
        other = ApiFormats.ofId(format).orElseThrow();
        StringBuilder messages = new StringBuilder("{\"role\":\"system\",\"content\":\"Be brief.\"}");
        while (messages.length() < bytes) {
            messages.append(",{\"role\":\"user\",\"content\":\"")
                    .append("word ".repeat(60))
                    .append("\"},{\"role\":\"assistant\",\"content\":\"")
                    .append("word ".repeat(40))
                    .append("\"}");
        }
        request = ("{\"model\":\"m\",\"messages\":[" + messages + ",{\"role\":\"user\",\"content\":\"go on\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            events.append(
                            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",")
                    .append("\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word")
                    .append(i)
                    .append("\"},\"finish_reason\":null}]}\n\n");
        }
        stream = events.toString().getBytes(StandardCharsets.UTF_8);
        ChatRequest asked = new ChatRequest.Builder("m").build();
        context = new AnswerContext(asked, "0123456789abcdef", "m", 1, true, 100, CarrierSeal.NONE);
    }

    /** Reads a request of Chat and writes it in the other format. */
    @Benchmark
    public byte[] requestAcross() {
        Endpoint endpoint = new Endpoint(CHAT, Operation.CHAT, null, null);
        ChatRequest read = CHAT.chat().decode(request, endpoint, CarrierSeal.NONE);
        return other.chat().encode(read, TargetProfile.unknown("p", "m"), new Losses(false));
    }

    /** Reads an event of Chat and writes it in the other format. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int eventAcross() {
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        StreamDecoder decoder =
                Objects.requireNonNull(CHAT.codecs().get(Operation.CHAT)).streamDecoder(head, JsonLimits.DEFAULT);
        StreamEncoder encoder = other.chat().streamEncoder(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
        SseParser parser = new SseParser(1 << 20);
        parser.feed(stream, event -> decoder.decode(event, step -> encoder.encode(step, out)));
        return out.size();
    }
}
