package io.omniroute.filters.shape;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * What is changed of a conversation on its way to every provider.
 *
 * @param reasoning how much the model is to think, instead of what the client asked for; {@code null} changes nothing
 * @param before what it is told before all instructions; may be empty
 * @param after what it is told after them; may be empty
 */
public record Shape(@Nullable Reasoning reasoning, String before, String after) {

    /** By which clients of the Chat format tell vendors how much to think, beside the format's own field. */
    private static final Set<String> VENDORS =
            Set.of("thinking", "enable_thinking", "thinking_budget", "reasoning", "reasoning_effort");

    /** Changes nothing. */
    public static final Shape NONE = new Shape(null, "", "");

    /** What is changed of a call: a combo's own prompt takes the place of the one that all are told. */
    public static Shape of(ServerWebExchange exchange, Call call) {
        Shape shape = ExchangeAttributes.find(exchange, Shape.class).orElse(NONE);
        String ofCombo = call.combo().map(Combo::systemPrompt).orElse("");
        return ofCombo.isEmpty() ? shape : shape.told(ofCombo, shape.after());
    }

    /** The same with other reasoning. */
    public Shape with(Reasoning other) {
        return new Shape(other, before, after);
    }

    /** The same with other instructions. */
    public Shape told(String first, String last) {
        return new Shape(reasoning, first, last);
    }

    /** The same with one more thing that the model is told, after all other instructions. */
    public Shape also(String text) {
        return new Shape(reasoning, before, after.isEmpty() ? text : after + "\n\n" + text);
    }

    /** Whether it changes nothing. */
    public boolean isNone() {
        return reasoning == null && before.isEmpty() && after.isEmpty();
    }

    /** The request as a provider is to get it. */
    public ChatRequest apply(ChatRequest request) {
        if (isNone()) {
            return request;
        }
        ChatRequest.Builder changed = request.change();
        Reasoning other = reasoning;
        if (other != null) {
            Reasoning asked = request.reasoning();
            changed.reasoning(new Reasoning(other.mode(), other.effort(), other.budget(), asked.shown()));
            if (request.extra().format().equals("openai-chat")) {
                changed.extra(request.extra().without(VENDORS));
            }
        }
        if (!before.isEmpty() || !after.isEmpty()) {
            changed.messages(instructed(request.messages()));
        }
        return changed.build();
    }

    private List<Message> instructed(List<Message> messages) {
        List<Message> all = new ArrayList<>(messages);
        if (!before.isEmpty()) {
            all.addFirst(Message.of(Role.SYSTEM, List.of(Part.Text.of(before))));
        }
        if (!after.isEmpty()) {
            int end = 0;
            while (end < all.size() && all.get(end).role().isInstruction()) {
                end++;
            }
            all.add(end, Message.of(Role.SYSTEM, List.of(Part.Text.of(after))));
        }
        return all;
    }
}
