package io.omniroute.translators.format.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Splice;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Google wants as many answers as there are calls; what is there twice goes, and nothing else does. */
class RepeatedAnswersTests {

    private static final String ASKED = "{\"parts\":[{\"text\":\"run\"}]}";

    /** Calls and answers in short: {@code c} a call, {@code a} its answer, with a name and perhaps an id behind a hash. */
    @ParameterizedTest(name = "{0} | {1} becomes {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "c:ls#1            | a:ls#1=x a:ls#1=x              | a:ls#1=x",
                "c:ls              | a:ls#1=x a:ls#1=x              | a:ls#1=x",
                "c:ls              | a:ls=x a:ls=x                  | a:ls=x",
                "c:ls#1 c:ls#2     | a:ls#1=x a:ls#1=x a:ls#2=x a:ls#2=x | a:ls#1=x a:ls#2=x",
                "c:ls c:cat        | a:ls=x a:cat=y a:ls=x a:cat=y  | a:ls=x a:cat=y",
                "c:ls#1            | a:ls#1=x / t:go a:ls#1=x       | a:ls#1=x / t:go",
                "c:ls#1            | a:ls#1=x / a:ls#1=x            | a:ls#1=x",
                "c:ls#1            | a:ls#1=x / a:ls#1=x / t:go     | a:ls#1=x / t:go",
                "c:ls#1            | t:go a:ls#1=x a:ls#1=x t:on    | t:go a:ls#1=x t:on",
                "c:ls#1            | a:ls#1=x a:ls#1=y              | a:ls#1=x a:ls#1=y",
                "c:ls#1 c:ls#1     | a:ls#1=x a:ls#1=x              | a:ls#1=x a:ls#1=x",
                "c:ls c:ls         | a:ls=x a:ls=x                  | a:ls=x a:ls=x",
                "c:ls#1            | a:ls#1=x a:cat#2=x a:cat#3=x   | a:ls#1=x a:cat#2=x a:cat#3=x",
                "c:ls#1            | t:a t:a                        | t:a t:a"
            })
    void goesOnce(String calls, String answers, String left) {
        String called = "{\"role\":\"model\",\"parts\":[ " + parts(calls) + " ]}";
        assertThat(told("[" + ASKED + ", " + called + " ," + contents(answers) + "]"))
                .isEqualTo("[" + ASKED + ", " + called + " ," + contents(left) + "]");
    }

    /** What was streamed may come back in a content for each event, and the same may be called and answered again later. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"parts\":[%c],\"role\":\"model\"},{\"parts\":[%c],\"role\":\"model\"},{\"parts\":[%a,%a]}",
                "{\"role\":\"model\",\"parts\":[%c]},{\"role\":\"user\",\"parts\":[%a]},{\"role\":\"model\",\"parts\":[%c]},{\"role\":\"user\",\"parts\":[%a]}",
                "{\"role\":\"model\",\"parts\":[%c]},{\"role\":\"user\",\"parts\":%a}"
            })
    void staysWhereEachHasItsCall(String contents) {
        String body = "[" + ASKED + "," + contents.replace("%c", parts("c:ls")).replace("%a", parts("a:ls=x")) + "]";
        assertThat(told(body)).isEqualTo(body);
    }

    private static String told(String contents) {
        byte[] body = ("{\"contents\":" + contents + ",\"store\":false}").getBytes(StandardCharsets.UTF_8);
        Endpoint endpoint = new Endpoint(GeminiFormat.INSTANCE, Operation.CHAT, null, "m", GeminiFormat.GENERATE);
        GenerateContentCodec codec = new GenerateContentCodec();
        RequestHead head = codec.readRequest(body, endpoint, JsonLimits.DEFAULT);
        String written = new String(Splice.apply(body, codec.edits(head, "m", false)), StandardCharsets.UTF_8);
        return written.substring("{\"contents\":".length(), written.length() - ",\"store\":false}".length());
    }

    private static String contents(String turns) {
        StringBuilder all = new StringBuilder();
        for (String turn : turns.split(" / ")) {
            all.append(all.isEmpty() ? "" : " , ")
                    .append("{\"role\":\"user\",\"parts\":[")
                    .append(parts(turn))
                    .append("]}");
        }
        return all.toString();
    }

    private static String parts(String words) {
        StringBuilder all = new StringBuilder();
        for (String word : words.split(" ")) {
            all.append(all.isEmpty() ? "" : " , ").append(part(word));
        }
        return all.toString();
    }

    private static String part(String word) {
        String said = word.substring(2);
        if (word.startsWith("t:")) {
            return "{\"text\": \"" + said + "\"}";
        }
        String named = said.replaceAll("=.*", "");
        String name = named.replaceAll("#.*", "");
        String id = named.contains("#") ? "\"id\":\"" + named.substring(name.length() + 1) + "\"," : "";
        return word.startsWith("c:")
                ? "{\"functionCall\":{" + id + "\"name\":\"" + name + "\",\"args\":{}},\"thoughtSignature\":\"c2ln\"}"
                : "{\"functionResponse\":{" + id + "\"name\":\"" + name + "\",\"response\":{ \"output\":\""
                        + said.substring(named.length() + 1) + "\"}}}";
    }
}
