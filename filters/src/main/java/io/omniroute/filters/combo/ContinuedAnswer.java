package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.upstream.Continuations;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * The other targets of a combo, which go on with an answer that is cut off, each in a call of its own, which is a part of the call: those that
 * are fit for it, do not rest and have not failed in it. Whoever was cut off goes on itself only when nobody else is left, and nobody at an account
 * whose calls at a time the cut one still counts among.
 */
final class ContinuedAnswer implements Continuations {

    private final Call call;
    private final List<Attempt> left;
    private final PartCalls parts;
    private final TargetHealth health;
    private int budget;

    ContinuedAnswer(Call call, Choice choice, PartCalls parts, TargetHealth health) {
        this.call = call;
        this.left = new ArrayList<>(IntStream.range(0, choice.attempts().size())
                .filter(number -> choice.obstacles().of(number) == null)
                .mapToObj(choice.attempts()::get)
                .toList());
        this.parts = parts;
        this.health = health;
        this.budget = choice.combo().patience().continuations();
    }

    /** Whether the answer of this call may be gone on with: one stream of free text, in which the provider uses no tools of its own. */
    static boolean isFor(Choice choice, Call call) {
        return choice.combo().patience().continuations() > 0
                && call.stream()
                && call.endpoint().operation() == Operation.CHAT
                && call.endpoint().format().isForProviders()
                && call.head().choices() == 1
                && call.head().hostedTools().isEmpty()
                && asksForText(call);
    }

    /** Half of an object and a whole one are no object; a call of a tool of the provider's own kind cannot be said anew. */
    private static boolean asksForText(Call call) {
        try {
            ChatRequest request =
                    call.endpoint().format().chat().decode(call.body(), call.endpoint(), CarrierSeal.NONE);
            return request.output() instanceof OutputFormat.Text
                    && request.messages().stream()
                            .flatMap(message -> message.parts().stream())
                            .noneMatch(ContinuedAnswer::isCited)
                    && request.tools().stream()
                            .allMatch(tool -> tool instanceof Tool.Function || tool instanceof Tool.Custom);
        } catch (ApiException refused) {
            return false;
        }
    }

    /** Where in a document something stands, only the provider's own words can say. */
    private static boolean isCited(Part part) {
        return part instanceof Part.Native
                || (part instanceof Part.Document document
                        && document.extra().fields().containsKey("citations"));
    }

    @Override
    public boolean areLeft(Target cutOff) {
        return budget > 0 && nextOf(cutOff).isPresent();
    }

    @Override
    public Flux<StreamEvent> next(String said, Target cutOff) {
        budget--;
        Attempt next = nextOf(cutOff).orElseThrow();
        left.removeIf(attempt -> attempt.target().isSameAs(next.target()));
        return parts.goOn(next.target(), said);
    }

    private Optional<Attempt> nextOf(Target cutOff) {
        Set<String> failed = call.attempts().stream()
                .filter(attempt -> attempt.error() != null)
                .map(AttemptReport::target)
                .collect(Collectors.toSet());
        List<Attempt> possible = left.stream()
                .filter(attempt -> attempt.connection().pace().concurrent() == 0
                        || !attempt.provider().id().equals(cutOff.provider()))
                .toList();
        List<Attempt> others = possible.stream()
                .filter(attempt -> !attempt.target().isSameAs(cutOff)
                        && !failed.contains(attempt.target().name()))
                .toList();
        // streams last long enough for some to rest by now
        return others.stream()
                .filter(attempt -> health.left(attempt).isZero())
                .findFirst()
                .or(() -> others.stream().findFirst())
                .or(() -> possible.stream()
                        .filter(attempt -> attempt.target().isSameAs(cutOff))
                        .findFirst());
    }
}
