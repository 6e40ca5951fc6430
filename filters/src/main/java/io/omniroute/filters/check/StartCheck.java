package io.omniroute.filters.check;

import io.omniroute.config.CatalogProblems;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Refuses to start with one list of everything that is missing or wrong, before any bean is made. An application that has one of its own
 * checks what that one does, and nothing else.
 */
public final class StartCheck implements BeanFactoryPostProcessor, Ordered {

    private final Supplier<List<String>> problems;

    /** @param problems looks for them; an empty list if the application can start */
    public StartCheck(Supplier<List<String>> problems) {
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        List<String> found = problems.get();
        if (!found.isEmpty()) {
            throw new CatalogProblems(found);
        }
    }
}
