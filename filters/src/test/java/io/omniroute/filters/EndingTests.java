package io.omniroute.filters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

/** Just one end of work is heard, whatever comes after it, before whoever waits for it. */
class EndingTests {

    private final List<String> heard = new ArrayList<>();

    private final Ending<String> ending = new Ending<>() {
        @Override
        protected void completes() {
            heard.add("completes");
        }

        @Override
        protected Throwable fails(Throwable failure) {
            heard.add("fails");
            return new IllegalStateException("told", failure);
        }

        @Override
        protected void cancelled() {
            heard.add("cancelled");
        }
    };

    @Test
    void hearsOfWorkThatCompletesBeforeItsSubscriberDoes() {
        Disposable waiting = ending.of(Mono.<String>empty())
                .subscribe(heard::add, failure -> heard.add("error"), () -> heard.add("done"));
        waiting.dispose();
        assertThat(heard).containsExactly("completes", "done");
    }

    @Test
    void saysWhatTheSubscriberHearsOfAFailure() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        ending.of(Mono.error(new IllegalArgumentException("work"))).subscribe(heard::add, failure -> {
            heard.add("error");
            told.set(failure);
        });
        assertThat(heard).containsExactly("fails", "error");
        assertThat(told.get()).hasMessage("told").hasRootCauseMessage("work");
    }

    @Test
    void hearsOfACancellationWhenTheWorkHas() {
        Disposable waiting = ending.of(Mono.<String>never().doOnCancel(() -> heard.add("work")))
                .subscribe(heard::add);
        waiting.dispose();
        waiting.dispose();
        assertThat(heard).containsExactly("work", "cancelled");
    }

    /** Work that fails after its cancellation is not heard any more, and what it fails with goes where late failures go. */
    @Test
    void hearsNothingAfterACancellation() {
        TestPublisher<String> work = TestPublisher.createNoncompliant(TestPublisher.Violation.DEFER_CANCELLATION);
        AtomicReference<Throwable> late = new AtomicReference<>();
        Consumer<Throwable> hook = late::set;
        ending.of(Mono.fromDirect(work))
                .contextWrite(context -> context.put("reactor.onErrorDropped.local", hook))
                .subscribe(heard::add)
                .dispose();
        work.error(new IllegalArgumentException("late"));
        assertThat(heard).containsExactly("cancelled");
        assertThat(late.get()).hasMessage("late");
    }

    @Test
    void tellsTheSubscriberOfAnEndThatIsNotHeard() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        new Ending<String>() {
            @Override
            protected void completes() {
                throw new IllegalStateException("broken");
            }
        }.of(Mono.empty()).subscribe(heard::add, told::set, () -> heard.add("done"));
        assertThat(told.get()).hasMessage("broken");
        assertThat(heard).isEmpty();
    }
}
