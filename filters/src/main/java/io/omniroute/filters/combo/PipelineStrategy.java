package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code pipeline}: the targets are steps, each told what the one before it has said, and its own prompt. The client gets the answer of
 * the last. A step that fails ends the call: there is nothing to go on from. Calls with tools go to one step alone, the last that works.
 */
public final class PipelineStrategy implements ComposingStrategy {

    private static final String BEFORE = "The step before this one said:\n\n";

    @Override
    public List<Target> order(Selection selection) {
        return selection.targets().reversed();
    }

    @Override
    public boolean needsAll() {
        return true;
    }

    @Override
    public Mono<Composed> compose(Selection selection, PartCalls parts) {
        List<Target> steps = selection.targets();
        Mono<String> said = Flux.fromIterable(steps.subList(0, steps.size() - 1))
                .reduce(
                        Mono.just(""),
                        (before, step) -> before.flatMap(
                                text -> parts.ask(step, turn(step, text)).map(PartCalls.Said::text)))
                .flatMap(all -> all);
        Target last = steps.getLast();
        return said.map(text -> new Composed.Asks(parts.asking(turn(last, text)), List.of(last)));
    }

    private static String turn(Target step, String before) {
        String told = before.isEmpty() ? "" : BEFORE + before;
        return step.prompt().isEmpty() || told.isEmpty() ? step.prompt() + told : step.prompt() + "\n\n" + told;
    }
}
