package io.omniroute.filters.combo;

import io.omniroute.config.Panel;
import io.omniroute.config.Target;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code fusion}: all targets answer at the same time, unseen by the client, and a judge writes the answer out of theirs without knowing
 * whose they are. When enough have answered the others get a grace; one answer is given as it is. Calls with tools go to the targets one
 * after another: what a tool does must not be done by several.
 */
public final class FusionStrategy implements ComposingStrategy {

    private static final String TASK = """
            The conversation above was answered by several models that do not know of one another. Write the one answer that the user \
            gets: keep what they agree on, decide with reasons of your own where they differ, leave out what is wrong, and do not speak \
            of the models or their answers.
            """;

    private record Numbered(int number, PartCalls.Said said) {}

    @Override
    public List<Target> order(Selection selection) {
        return selection.targets();
    }

    @Override
    public boolean canSpare() {
        return true;
    }

    @Override
    public Mono<Composed> compose(Selection selection, PartCalls parts) {
        Panel panel = selection.combo().panel();
        List<Target> targets = selection
                .targets()
                .subList(0, Math.min(panel.most(), selection.targets().size()));
        Queue<ApiException> failures = new ConcurrentLinkedQueue<>();
        Flux<Numbered> all = Flux.range(0, targets.size())
                .flatMap(
                        number -> parts.ask(targets.get(number), "")
                                .map(said -> new Numbered(number, said))
                                .onErrorResume(failed -> {
                                    if (failed instanceof ApiException known) {
                                        failures.add(known);
                                    }
                                    return Mono.empty();
                                }),
                        targets.size());
        return all.publish(said -> said.takeUntilOther(Mono.firstWithSignal(
                        Mono.delay(panel.time()).then(),
                        said.skip(panel.enough() - 1L)
                                .next()
                                .then(Mono.delay(panel.grace()).then()))))
                .collectList()
                .map(answers -> {
                    if (answers.isEmpty()) {
                        throw none(failures, targets.size(), selection);
                    }
                    return composed(answers, selection, parts);
                });
    }

    /** What all of them refuse is the request's own fault, and trying again does not help. */
    private static ApiException none(Queue<ApiException> failures, int asked, Selection selection) {
        ApiException refusal = failures.peek();
        if (refusal != null
                && failures.size() == asked
                && failures.stream().allMatch(failure -> failure.error().isOfTheRequest())) {
            return refusal;
        }
        return ApiError.upstream(
                        ErrorKind.OVERLOADED,
                        ErrorScope.MODEL,
                        "no target of \"" + selection.combo().name() + "\" has answered")
                .withCode("fusion_no_answers")
                .exception();
    }

    private static Composed composed(List<Numbered> answers, Selection selection, PartCalls parts) {
        if (answers.size() == 1) {
            return new Composed.Answers(answers.getFirst().said());
        }
        List<Target> judges = new ArrayList<>(selection.targets());
        selection.combo().panel().judge().ifPresent(judge -> {
            judges.removeIf(judge::isSameAs);
            judges.addFirst(judge);
        });
        return new Composed.Asks(parts.asking(task(answers)), judges);
    }

    private static String task(List<Numbered> answers) {
        StringBuilder task = new StringBuilder(TASK);
        int number = 1;
        for (Numbered answer : answers.stream()
                .sorted(Comparator.comparingInt(Numbered::number))
                .toList()) {
            task.append("\n[Source ")
                    .append(number++)
                    .append("]\n")
                    .append(answer.said().text())
                    .append('\n');
        }
        return task.toString();
    }
}
