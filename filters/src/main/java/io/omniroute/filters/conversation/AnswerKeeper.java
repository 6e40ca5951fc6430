package io.omniroute.filters.conversation;

import io.omniroute.filters.call.SentAnswer;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.KeptAnswer;
import io.omniroute.translators.sse.SseEvent;
import io.omniroute.translators.sse.SseParser;
import java.util.function.Consumer;

/** Looks for the complete answer in what leaves for the client, and hands it on. One per call; called by one thread at a time. */
final class AnswerKeeper implements SentAnswer {

    private final ConversationCodec codec;
    private final SseParser parser;
    private final Consumer<KeptAnswer> store;
    private boolean tooLong;

    AnswerKeeper(ConversationCodec codec, int longestEvent, Consumer<KeptAnswer> store) {
        this.codec = codec;
        this.parser = new SseParser(longestEvent);
        this.store = store;
    }

    @Override
    public void whole(byte[] answer) {
        codec.kept(answer, 0, answer.length).ifPresent(store);
    }

    @Override
    public void part(byte[] events) {
        if (tooLong) {
            return;
        }
        try {
            parser.feed(events, this::event);
        } catch (ApiException longEvent) {
            tooLong = true;
        }
    }

    @Override
    public void end() {
        if (!tooLong) {
            parser.end(this::event);
        }
    }

    private void event(SseEvent event) {
        if (event.hasData() && codec.mayEnd(event)) {
            codec.kept(event.data(), event.dataStart(), event.dataEnd() - event.dataStart())
                    .ifPresent(store);
        }
    }
}
