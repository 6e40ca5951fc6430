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
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
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

/** What a translation costs between all formats that providers speak: a request with a round of tools, and an event of a stream. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class TranslationBenchmark {

    private static final int EVENTS = 100;
    private static final ApiFormat CHAT = ApiFormats.nearest();
    private static final String TOOLS = """
            ,"tools":[{"type":"function","function":{"name":"weather","description":"The weather of a place at a time of the day.",
            "parameters":{"type":"object","properties":{"place":{"type":"string","description":"a town"},
            "unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["place"]}}}]""";
    private static final String ROUND = """
            ,{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather",
            "arguments":"{\\"place\\":\\"Lisbon\\",\\"unit\\":\\"celsius\\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"22 degrees"}""";

    /** All pairs of formats that providers speak. */
    @State(Scope.Benchmark)
    public abstract static class Pairs {

        /** Their ids, with a space. */
        @Param({
            "openai-chat anthropic-messages",
            "openai-chat openai-responses",
            "openai-chat gemini",
            "anthropic-messages openai-chat",
            "anthropic-messages openai-responses",
            "anthropic-messages gemini",
            "openai-responses openai-chat",
            "openai-responses anthropic-messages",
            "openai-responses gemini",
            "gemini openai-chat",
            "gemini anthropic-messages",
            "gemini openai-responses"
        })
        protected String formats = "";
    }

    /** Which formats a request goes between. */
    @State(Scope.Benchmark)
    public static class Requests extends Pairs {

        @Param({"4096", "32768"})
        private int bytes;

        private ApiFormat from = CHAT;
        private ApiFormat to = CHAT;
        private byte[] request = new byte[0];

        /** Makes a request of that size. */
        @Setup
        public void prepare() {
            from = format(formats, 0);
            to = format(formats, 1);
            StringBuilder messages = new StringBuilder("{\"role\":\"system\",\"content\":\"Be brief.\"}");
            messages.append(",{\"role\":\"user\",\"content\":\"How is it in Lisbon?\"}")
                    .append(ROUND);
            while (messages.length() + TOOLS.length() < bytes) {
                messages.append(",{\"role\":\"assistant\",\"content\":\"")
                        .append("word ".repeat(40))
                        .append("\"},{\"role\":\"user\",\"content\":\"")
                        .append("word ".repeat(60))
                        .append("\"}");
            }
            byte[] chat = ("{\"model\":\"m\",\"max_tokens\":1000,\"messages\":[" + messages + "]" + TOOLS + "}")
                    .getBytes(StandardCharsets.UTF_8);
            request = from == CHAT ? chat : across(chat, CHAT, from);
        }
    }

    /** Which formats a stream goes between. */
    @State(Scope.Benchmark)
    public static class Streams extends Pairs {

        private ApiFormat from = CHAT;
        private ApiFormat to = CHAT;
        private byte[] stream = new byte[0];
        private final AnswerContext context = new AnswerContext(
                new ChatRequest.Builder("m").build(), "0123456789abcdef", "m", 1, true, 100, CarrierSeal.NONE);

        /** Makes a stream of texts. */
        @Setup
        public void prepare() {
            from = format(formats, 0);
            to = format(formats, 1);
            StreamEncoder encoder = from.chat().streamEncoder(context);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            encoder.encode(new StreamEvent.Start("0123456789abcdef", "m"), out);
            encoder.encode(new StreamEvent.PartStart(0, 0, PartKind.TEXT, null, null), out);
            for (int i = 0; i < EVENTS; i++) {
                encoder.encode(new StreamEvent.PartDelta(0, " word" + i), out);
            }
            encoder.encode(new StreamEvent.PartEnd(0), out);
            encoder.encode(new StreamEvent.Finish(0, FinishReason.STOP, "stop"), out);
            encoder.encode(new StreamEvent.End(), out);
            stream = out.toByteArray();
        }
    }

    private static ApiFormat format(String formats, int place) {
        return ApiFormats.ofId(formats.split(" ")[place]).orElseThrow();
    }

    private static byte[] across(byte[] request, ApiFormat from, ApiFormat to) {
        Endpoint endpoint = new Endpoint(from, Operation.CHAT, null, "m");
        ChatRequest read = from.chat().decode(request, endpoint, CarrierSeal.NONE);
        return to.chat().encode(read, TargetProfile.unknown("p", "m"), new Losses(false));
    }

    /** Reads a request and writes it in the other format. */
    @Benchmark
    public byte[] requestAcross(Requests requests) {
        return across(requests.request, requests.from, requests.to);
    }

    /** Reads an event and writes it in the other format. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int eventAcross(Streams streams) {
        RequestHead head = new RequestHead("m", new Span(0, 0), true, true, 1, List.of());
        StreamDecoder decoder = Objects.requireNonNull(streams.from.codecs().get(Operation.CHAT))
                .streamDecoder(head, JsonLimits.DEFAULT);
        StreamEncoder encoder = streams.to.chat().streamEncoder(streams.context);
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
        SseParser parser = new SseParser(1 << 20);
        parser.feed(streams.stream, event -> decoder.decode(event, step -> encoder.encode(step, out)));
        decoder.end(step -> encoder.encode(step, out));
        return out.size();
    }
}
