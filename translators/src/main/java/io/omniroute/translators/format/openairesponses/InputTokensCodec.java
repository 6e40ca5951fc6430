package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.TokenCounts;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;

/** The counting of a response's input. */
final class InputTokensCodec extends BesideResponses {

    InputTokensCodec() {
        super(ResponsesFormat.COUNT);
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        TokenCounts.read(body, "input_tokens", sink);
    }
}
