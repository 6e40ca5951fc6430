package io.omniroute.translators.format.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Splice;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A request is read in one pass and changed only where it must be. */
class ChatRequestTests {

    private static final OperationCodec CODEC =
            OpenAiChatFormat.INSTANCE.codecs().get(Operation.CHAT);
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"\\\"model\\\":\\\"no\\\" é\"}],"
            + "\"model\" : \"\\u0061/b\" ,\"n\":2,\"stream\":true,\"big\":123456789012345678901234567890.0}";

    @Test
    void readsWhatTheStagesNeed() {
        RequestHead head = read(BODY);
        assertThat(head.model()).isEqualTo("a/b");
        assertThat(head.stream()).isTrue();
        assertThat(head.choices()).isEqualTo(2);
        assertThat(head.usageAsked()).isFalse();
    }

    @Test
    void replacesTheModelAndNothingElse() {
        byte[] written = Splice.apply(bytes(BODY), CODEC.edits(read(BODY), "x\"y", false));
        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(BODY.replace("\"\\u0061/b\"", "\"x\\\"y\""));
    }

    @Test
    void asksForUsage() {
        byte[] written = Splice.apply(bytes(BODY), CODEC.edits(read(BODY), "m", true));
        assertThat(JsonMapper.shared()
                        .readTree(written)
                        .at("/stream_options/include_usage")
                        .asBoolean())
                .isTrue();
    }

    @Property(tries = 500)
    void neverFailsOtherThanWithAClearError(@ForAll int seed) {
        byte[] body = bytes(BODY);
        Random random = new Random(seed);
        for (int i = random.nextInt(6); i >= 0; i--) {
            body[random.nextInt(body.length)] = (byte) "{}[]\",:0tfn\\\u0000 é".charAt(random.nextInt(15));
        }
        try {
            RequestHead head = CODEC.readRequest(
                    body, new Endpoint(OpenAiChatFormat.INSTANCE, Operation.CHAT, null, null), JsonLimits.DEFAULT);
            byte[] written = Splice.apply(body, CODEC.edits(head, "other", true));
            assertThat(CODEC.readRequest(
                                    written,
                                    new Endpoint(OpenAiChatFormat.INSTANCE, Operation.CHAT, null, null),
                                    JsonLimits.DEFAULT)
                            .model())
                    .isEqualTo("other");
        } catch (ApiException refused) {
            assertThat(refused.error().kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        }
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        String deep = BODY.replace("123456789012345678901234567890.0", "[".repeat(200) + "]".repeat(200));
        assertThatThrownBy(() -> read(deep)).hasMessageContaining("deeper than 128");
    }

    private static RequestHead read(String body) {
        return CODEC.readRequest(
                bytes(body), new Endpoint(OpenAiChatFormat.INSTANCE, Operation.CHAT, null, null), JsonLimits.DEFAULT);
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
