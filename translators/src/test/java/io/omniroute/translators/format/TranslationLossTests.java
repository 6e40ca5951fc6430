package io.omniroute.translators.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be said to a client or to a provider is told as a loss. */
class TranslationLossTests {

    @ParameterizedTest
    @CsvSource({"openai-chat,false", "openai-completions,false", "openai-responses,true", "gemini,true"})
    void tellsOfDocumentsThatAClientCannotBeShown(String client, boolean shown) {
        Translation translation = new Translation(
                ApiFormats.ofId(client).orElseThrow(),
                new ChatRequest.Builder("m").build(),
                ApiFormats.ofId("anthropic-messages").orElseThrow(),
                TargetProfile.unknown("p", "m"),
                CarrierSeal.NONE,
                false);
        List<StreamEvent> heard = new ArrayList<>();
        translation.restore(
                new StreamEvent.PartSource(0, Annotation.ofPart("", "report.pdf", "the words")), heard::add);
        translation.restore(
                new StreamEvent.PartSource(0, Annotation.ofPart("https://a.example", "A", null)), heard::add);
        assertThat(heard).hasSize(shown ? 2 : 1);
        assertThat(translation.losses().stream().anyMatch(loss -> loss.code() == Loss.Code.CITATION_DROPPED))
                .isEqualTo(!shown);
    }

    /** By the names that the client has written, and once each. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai-chat|anthropic-messages|{'model':'m','plugins':[{'id':'web'}],'top_a':0.5,'messages':[{'role':'user','content':'hi'}]}|field-dropped plugins, field-dropped top_a",
                "anthropic-messages|openai-chat|{'model':'m','max_tokens':9,'output_config':{'task_budget':{'total':9}},'messages':[{'role':'user','content':'hi'}]}|field-dropped output_config.task_budget",
                "anthropic-messages|openai-chat|{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':[{'type':'text','text':'so','cache_control':{'type':'ephemeral'}}]},{'role':'user','content':'on'}]}|cache-mark-dropped messages.cache_control",
                "openai-responses|anthropic-messages|{'model':'m','input':'hi','text':{'note':1},'store':false}|field-dropped text.note",
                "openai-responses|gemini|{'model':'m','input':[{'role':'user','content':[{'type':'input_text','text':'hi','note':'n'}]}],'store':false}|field-dropped input.content.note"
            })
    void tellsWhatAProviderOfAnotherFormatIsNotTold(String client, String provider, String written, String told) {
        Translation translation = translation(client, provider, written, Set.of());
        assertThat(translation.losses())
                .extracting(loss -> loss.code().id() + " " + loss.path())
                .containsExactlyInAnyOrder(told.split(", "));
    }

    /** Addresses are refused where the provider is known not to fetch them, and the next target may; its own format is left alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai-chat|gemini|{'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://a.example/b.png'}}]}]}|false",
                "openai-responses|openai-chat|{'model':'m','input':[{'role':'user','content':[{'type':'input_image','image_url':'https://a.example/b.png'}]}],'store':false}|false",
                "openai-chat|anthropic-messages|{'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://a.example/b.png'}}]}]}|false",
                "openai-chat|openai-chat|{'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://a.example/b.png'}}]}]}|true",
                "gemini|gemini|{'contents':[{'role':'user','parts':[{'fileData':{'mimeType':'image/png','fileUri':'https://a.example/b.png'}}]}]}|true",
                "openai-chat|gemini|{'model':'m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://www.youtube.com/watch?v=1'}}]}]}|true"
            })
    void refusesAddressesForTheNextTarget(String client, String provider, String written, boolean taken) {
        if (taken) {
            assertThat(new String(
                            translation(client, provider, written, Set.of("remote_media"))
                                    .body(),
                            StandardCharsets.UTF_8))
                    .contains("https://");
            return;
        }
        assertThatThrownBy(() -> translation(client, provider, written, Set.of("remote_media")))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.error().code()).isEqualTo("unsupported_media_source");
                    assertThat(refused.error().scope()).isEqualTo(ErrorScope.MODEL);
                });
    }

    private static Translation translation(String client, String provider, String written, Set<String> unsupported) {
        ApiFormat own = ApiFormats.ofId(client).orElseThrow();
        boolean gemini = client.equals("gemini");
        Endpoint endpoint =
                new Endpoint(own, Operation.CHAT, null, gemini ? "m" : null, gemini ? "generateContent" : "");
        ChatRequest request = own.chat()
                .decode(written.replace('\'', '"').getBytes(StandardCharsets.UTF_8), endpoint, CarrierSeal.NONE);
        return new Translation(
                own, request, ApiFormats.ofId(provider).orElseThrow(), refusing(unsupported), CarrierSeal.NONE, false);
    }

    private static TargetProfile refusing(Set<String> unsupported) {
        return TargetProfile.of("p", "m").unsupported(unsupported).build();
    }
}
