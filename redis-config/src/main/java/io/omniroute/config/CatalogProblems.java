package io.omniroute.config;

import java.util.ArrayList;
import java.util.List;

/** Every fault that was found in the configuration, in one exception. */
public final class CatalogProblems extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    public CatalogProblems(List<String> problems) {
        super("the configuration has " + problems.size() + (problems.size() == 1 ? " fault" : " faults") + ":\n  - "
                + String.join("\n  - ", problems));
        this.problems = new ArrayList<>(problems);
    }

    /** The faults, each a sentence that says where, what was found and what was expected. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
